import { Injectable } from '@nestjs/common';

/** The one source of time; tests put an advancing one in its place. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
