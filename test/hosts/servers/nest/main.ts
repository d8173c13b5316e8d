// A NestJS application as `nest new` sets it up: compiled to CommonJS, so that the package is loaded by require().
import 'reflect-metadata';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createClient } from 'vercel-rest';
import { createConnectClient } from 'vercel-rest/connect';

const options = { baseUrl: process.env.API_URL ?? '', bearerToken: 'host-bearer' };

@Injectable()
class Vercel {
  readonly rest = createClient(options);
  readonly connect = createConnectClient(options);
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
}

@Module({ controllers: [AppController], providers: [Vercel] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  const response = await fetch(await app.getUrl());
  const body = await response.text();
  await app.close();
  if (!/^\{"uid":"slack\/acme","token":"host-token-\d+"\}$/.test(body))
    throw new Error(`the app answered ${body}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
