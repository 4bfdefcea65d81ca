import { Inject, Injectable, type LoggerService } from '@nestjs/common';
import winston from 'winston';
import { CONFIG, type Config } from '../../config.js';

/** What a log line may carry: ids, codes, durations; never text, tokens, addresses of people or any other content. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log: one JSON object a line on standard output. */
@Injectable()
export class Log implements LoggerService {
  readonly #winston: winston.Logger;

  constructor(@Inject(CONFIG) config: Pick<Config, 'LOG_LEVEL'>) {
    this.#winston = winston.createLogger({
      level: config.LOG_LEVEL,
      format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
      transports: [new winston.transports.Console()],
    });
  }

  debug(message: string, fields?: LogFields): void {
    this.#winston.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#winston.info(message, fields);
  }

  warn(message: string, fields?: LogFields | string): void {
    this.#winston.warn(message, asFields(fields));
  }

  error(message: string, fields?: LogFields | string): void {
    this.#winston.error(String(message), asFields(fields));
  }

  /** Nest's own start-up chatter is of interest only when something is being debugged. */
  log(message: string, context?: string): void {
    this.#winston.debug(message, asFields(context));
  }
}

const asFields = (value: LogFields | string | undefined): LogFields =>
  typeof value === 'string' ? { context: value } : (value ?? {});
