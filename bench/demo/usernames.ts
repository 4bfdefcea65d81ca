/** User names that any nick can be turned into. */

const LONGEST = 50;
const SHORTEST = 3;

/** What user names are compared by; near enough to case folding to keep two names apart that the server would not. */
const keyOf = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();

/** The characters of a nick that a user name may have, others as `-`, cut to so many code units. */
function slugOf(nick: string, length: number): string {
  const allowed = nick.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-').replace(/^[^\p{L}\p{N}]+|-+$/gu, '');
  let slug = '';
  for (const character of allowed) {
    if (slug.length + character.length > length) break;
    slug += character;
  }
  return slug || 'someone';
}

/**
 * One user name for each nick, told apart from those of other runs by a suffix and from one another by a number.
 *
 * @example usernamesFor(['ada', 'ADA', '`'], 'k3f'); // ['ada-k3f', 'ADA-k3f-2', 'someone-k3f']
 */
export function usernamesFor(nicks: readonly string[], run: string): string[] {
  const taken = new Set<string>();
  return nicks.map((nick) => {
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? `-${run}` : `-${run}-${number}`;
      const name = slugOf(nick, LONGEST - suffix.length) + suffix;
      if (name.length < SHORTEST || taken.has(keyOf(name))) continue;
      taken.add(keyOf(name));
      return name;
    }
  });
}
