import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { CLIENT_EVENT } from '../realtime/on-client-event.js';
import { ACCESS } from './access.js';

/** Nest's own key for "this method is a route". */
const ROUTE = 'path';

/** Deny by default, proven at boot: names every route and socket event that does not say who may use it. */
@Injectable()
export class AccessCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const silent = [...this.discovery.getControllers(), ...this.discovery.getProviders()].flatMap(({ instance }) =>
      typeof instance === 'object' && instance !== null ? this.#silentMethods(instance) : [],
    );
    if (silent.length > 0) throw new Error(`No access is stated for: ${silent.join(', ')}. Add @Access(...).`);
  }

  #silentMethods(instance: object): string[] {
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype?.[name];
      if (typeof method !== 'function') return [];
      const isDoor = [ROUTE, CLIENT_EVENT].some((key) => Reflect.hasMetadata(key, method));
      return isDoor && !this.reflector.get<unknown>(ACCESS, method) ? [`${instance.constructor.name}.${name}`] : [];
    });
  }
}
