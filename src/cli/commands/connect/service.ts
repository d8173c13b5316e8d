import type { Command } from 'commander';
import type { ConnectService } from '../../../connect/index.js';
import { isRecord, recordOf } from '../../../util/is-record.js';
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
      const { name, types, connectionMethods = [], targets, resolvedConnectionMethod } = found;
      const facts = {
        service: name ?? service,
        types: listOf(types.map(({ type }) => type)),
        targets: listOf(targets?.map(({ target }) => target)),
        default: resolvedConnectionMethod,
        ...Object.fromEntries(
          types.map((type) => [`data of ${type.type}`, fieldsOf(type.createInputSchema)]),
        ),
      };
      const parts = [facts, ...connectionMethods.map(factsOf)];
      const shown = await Promise.all(parts.map((part) => formatFacts(part, io)));
      await print(session, found, shown.join('\n'));
    });
}

type Method = NonNullable<ConnectService['connectionMethods']>[number];

/** The facts of a way to connect a service. */
function factsOf(method: Method): Record<string, string | undefined> {
  const { connectionMethod, label, description, create, type, targets, templateFields } = method;
  // Template fields are free-form: a name, or an object that has one.
  const params = templateFields?.map((field: unknown) => {
    const named = isRecord(field) ? (field.name ?? field.key ?? field.id) : field;
    return typeof named === 'string' ? named : JSON.stringify(field);
  });
  return {
    method: connectionMethod,
    label,
    description,
    create: create && listOf(['managed', 'manual'].filter((way) => Reflect.get(create, way))),
    type: type?.type,
    targets: listOf(targets?.map(({ target }) => target)),
    params: listOf(params),
    settings: method.settingsUrl,
    docs: method.docUrl,
    instructions: textsIn(method.instructions).join(' ') || undefined,
  };
}

function listOf(names: readonly string[] | undefined): string | undefined {
  return names === undefined || names.length === 0 ? undefined : names.join(', ');
}

/** The fields of a schema, those that have to be given first. */
function fieldsOf(schema: unknown): string | undefined {
  if (!isRecord(schema)) return undefined;
  const required = textsIn(schema.required);
  const others = Object.keys(recordOf(schema.properties));
  return listOf([
    ...required.map((name) => `${name} (required)`),
    ...others.filter((name) => !required.includes(name)),
  ]);
}

function textsIn(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}
