// A NestJS application as `nest new` sets it up: version 11 compiled to CommonJS, so that the package is loaded by require(),
// and version 12 to ES modules.
import 'reflect-metadata';
import {
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Post,
  type RawBodyRequest,
  Req,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import { createClient } from 'vercel-rest';
import { createConnectClient, VerificationError, verifyTrigger } from 'vercel-rest/connect';

const options = { baseUrl: process.env.API_URL ?? '', bearerToken: 'host-bearer' };

@Injectable()
class Vercel {
  readonly rest = createClient(options);
  readonly connect = createConnectClient(options);

  async onModuleDestroy(): Promise<void> {
    await this.connect.close();
    console.log('ran: close at shutdown');
  }
}

@Controller()
class AppController {
  constructor(private readonly vercel: Vercel) {}

  @Get()
  async get(): Promise<{ uid: string | undefined; token: string }> {
    const { data } = await this.vercel.rest.GET('/v2/connect/connectors');
    const token = await this.vercel.connect.getToken('slack/acme', { subject: { type: 'app' } });
    return { uid: data.connectors[0]?.uid, token };
  }

  @Get('gone')
  async getGone(): Promise<object> {
    return this.vercel.connect.getConnectorMetadata('gone');
  }

  @Post('trigger')
  async receive(@Req() request: RawBodyRequest<Request>): Promise<void> {
    try {
      const expected = { connector: 'slack/acme', projectId: 'prj_1', environment: 'production' };
      await verifyTrigger(request, { ...expected, body: request.rawBody });
    } catch (error) {
      if (error instanceof VerificationError) throw new HttpException(error.reason, error.status);
      throw error;
    }
  }
}

@Module({ controllers: [AppController], providers: [Vercel] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['fatal'], rawBody: true });
  await app.listen(0, '127.0.0.1');
  const origin = await app.getUrl();
  const body = await (await fetch(origin)).text();
  const gone = await fetch(`${origin}/gone`);
  const refused = await fetch(`${origin}/trigger`, { method: 'POST', body: '{}' });
  await app.close();
  if (!/^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/.test(body))
    throw new Error(`the app answered ${body}`);
  if (gone.status !== 500) throw new Error(`a 404 of the API was answered ${gone.status}`);
  if (refused.status !== 401) throw new Error(`a trigger without a token was answered ${refused.status}`);
  console.log('ran: trigger refused, 404 of the API not passed on');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
