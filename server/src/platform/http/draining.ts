import { Injectable } from '@nestjs/common';

/** Whether this node has begun to stop: it finishes what it has and takes nothing new. */
@Injectable()
export class Draining {
  #begun = false;

  get begun(): boolean {
    return this.#begun;
  }

  begin(): void {
    this.#begun = true;
  }
}
