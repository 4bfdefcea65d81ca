import 'reflect-metadata';
import { Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import type { MarkRead, ReadMark } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { OnClientEvent } from '../realtime/on-client-event.js';
import type { Viewer } from '../viewer.js';
import { Access } from './access.js';
import { AccessCheck } from './access-check.js';

@Controller('open')
class OpenController {
  @Get()
  @Access('public')
  look(): void {}

  @Post()
  @Access('signed-in')
  change(): void {}

  helper(): void {}
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  @Access('public')
  look(): void {}

  @Post(':id')
  change(): void {}
}

@Injectable()
class OpenGateway {
  @OnClientEvent('mark_read')
  @Access('signed-in')
  mark(_viewer: Viewer, _mark: MarkRead): Promise<ReadMark> {
    return Promise.resolve({ lastReadSeq: 0, unreadCount: 0 });
  }
}

@Injectable()
class ForgottenGateway {
  @OnClientEvent('mark_read')
  mark(_viewer: Viewer, _mark: MarkRead): Promise<ReadMark> {
    return Promise.resolve({ lastReadSeq: 0, unreadCount: 0 });
  }
}

async function boot(controllers: (new () => object)[], providers: (new () => object)[]): Promise<void> {
  @Module({ imports: [DiscoveryModule], controllers, providers: [AccessCheck, ...providers] })
  class TestModule {}
  const app = await NestFactory.createApplicationContext(TestModule, { logger: false, abortOnError: false });
  await app.close();
}

describe('starting', () => {
  it('goes well when every route and event states who may use it', async () => {
    await expect(boot([OpenController], [OpenGateway])).resolves.toBeUndefined();
  });

  it('fails with the name of a route that does not', async () => {
    await expect(boot([OpenController, ForgottenController], [])).rejects.toThrow(/: ForgottenController\.change\./);
  });

  it('fails with the name of a socket event that does not', async () => {
    await expect(boot([], [OpenGateway, ForgottenGateway])).rejects.toThrow(/: ForgottenGateway\.mark\./);
  });

  it('names all of them at once', async () => {
    await expect(boot([ForgottenController], [ForgottenGateway])).rejects.toThrow(
      /ForgottenController\.change, ForgottenGateway\.mark/,
    );
  });
});
