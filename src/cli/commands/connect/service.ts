import type { Command } from 'commander';
import type { ConnectService } from '../../../connect/index.js';
import { isRecord } from '../../../util/is-record.js';
import type { ApiFlags } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { print } from '../../terminal/print.js';
import { formatFacts } from '../../terminal/table.js';
import { openSession } from './shared.js';

/** Adds `service`. */
export function addService(connect: Command, io: CliContext): void {
  connect
    .command('service')
    .description('show how a service can be connected: methods, targets, fields and instructions')
    .argument('<service>', 'e.g. slack')
    .action(async (service: string, flags: ApiFlags) => {
      const session = await openSession(flags, io);
      const own = { ...session.options, schemas: true };
      const found = await session.client.connectors.getService(service, own);
      await print(session, found, await describe(service, found, io));
    });
}

async function describe(service: string, found: ConnectService, io: CliContext): Promise<string> {
  const { name, types, connectionMethods = [], targets, resolvedConnectionMethod } = found;
  const whole = await formatFacts(
    {
      service: name ?? service,
      types: listOf(types.map(({ type }) => type)),
      targets: listOf(targets?.map(({ target }) => target)),
      default: resolvedConnectionMethod,
      ...Object.fromEntries(types.map((type) => [`data of ${type.type}`, fieldsOf(type.createInputSchema)])),
    },
    io,
  );
  const methods = await Promise.all(connectionMethods.map((method) => describeMethod(method, io)));
  return [whole, ...methods].join('\n');
}

type Method = NonNullable<ConnectService['connectionMethods']>[number];

function describeMethod(method: Method, io: CliContext): Promise<string> {
  const { connectionMethod, label, description, create, type, targets, templateFields } = method;
  return formatFacts(
    {
      method: connectionMethod,
      label,
      description,
      create: create && listOf(['managed', 'manual'].filter((way) => Reflect.get(create, way))),
      type: type?.type,
      targets: listOf(targets?.map(({ target }) => target)),
      params: templateFields === undefined ? undefined : listOf(templateFields.map(nameOfField)),
      settings: method.settingsUrl,
      docs: method.docUrl,
      instructions: textsIn(method.instructions).join(' ') || undefined,
    },
    io,
  );
}

function listOf(names: readonly string[] | undefined): string | undefined {
  return names === undefined || names.length === 0 ? undefined : names.join(', ');
}

/** The fields of a schema, those that have to be given first. */
function fieldsOf(schema: unknown): string | undefined {
  if (!isRecord(schema)) return undefined;
  const required = textsIn(schema.required);
  const others = Object.keys(isRecord(schema.properties) ? schema.properties : {});
  return listOf([
    ...required.map((name) => `${name} (required)`),
    ...others.filter((name) => !required.includes(name)),
  ]);
}

/** Template fields are free-form: a name, or an object that has one. */
function nameOfField(field: unknown): string {
  const named = isRecord(field) ? (field.name ?? field.key ?? field.id) : field;
  return typeof named === 'string' ? named : JSON.stringify(field);
}

function textsIn(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}
