import type { Redis } from '../redis/redis.js';
import { Leases } from './leases.js';

/** When each lease, of a name by a node, runs out; and by how many nodes each name is held. One slot, so one script. */
const UNTIL = '{parley:leases}:until';
const HOLDERS = '{parley:leases}:holders';
/** Names in one command: Redis does nothing else while it works on one. */
const AT_ONCE = 500;

/** Time is that of Redis: the clocks of the nodes do not have to agree. */
const NOW = `local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)`;
const HOLD = `${NOW}
  local first = {}
  for i = 3, #ARGV do
    local isNew = redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[i] .. ' ' .. ARGV[1]) == 1
    if isNew and redis.call('HINCRBY', KEYS[2], ARGV[i], 1) == 1 then first[#first + 1] = ARGV[i] end
  end
  return first`;
const EXPIRE = `${NOW}
  local ended = {}
  for _, lease in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
    redis.call('ZREM', KEYS[1], lease)
    local name = string.match(lease, '^(.*) ')
    if redis.call('HINCRBY', KEYS[2], name, -1) <= 0 then
      redis.call('HDEL', KEYS[2], name)
      ended[#ended + 1] = name
    end
  end
  return ended`;

/** Several nodes hold together what lies in Redis. A Redis that was empty is filled as the nodes renew. */
export class RedisLeases extends Leases {
  constructor(private readonly redis: Redis) {
    super();
  }

  async hold(names: readonly string[], ms: number): Promise<string[]> {
    const first: string[] = [];
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      first.push(...toNames(await this.redis.commands.eval(HOLD, 2, UNTIL, HOLDERS, this.redis.node, ms, ...some)));
    }
    return first;
  }

  async heldAmong(names: readonly string[]): Promise<Set<string>> {
    if (names.length === 0) return new Set();
    const counts = await this.redis.commands.hmget(HOLDERS, ...names);
    return new Set(names.filter((_, index) => Boolean(counts[index])));
  }

  async expire(): Promise<string[]> {
    return toNames(await this.redis.commands.eval(EXPIRE, 2, UNTIL, HOLDERS, AT_ONCE));
  }
}

const toNames = (answer: unknown): string[] => (Array.isArray(answer) ? answer.map(String) : []);
