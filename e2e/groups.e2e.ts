import type { JoinResult, ParleyError, UpdateConversation } from '@parley/sdk';
import { expect, it } from 'vitest';
import { type Actor, cast } from './cast.js';
import type { Deployment } from './harness/index.js';
import { describeOnEachDeployment } from './on-each-deployment.js';

type Settings = Pick<UpdateConversation, 'historyVisibility' | 'joinPolicy' | 'slowModeSeconds'>;

/** A group of Olga's with Ann and Max in it, and Eve outside. Olga and Ann are on different nodes where there are two. */
async function group(on: Deployment, settings: Settings = {}, type: 'group' | 'channel' = 'group') {
  const people = await cast(on, 'olga', 'ann', 'max', 'eve');
  const { olga, ann, max } = people;
  const participantIds = [ann.id, max.id];
  const { id } = await olga.client.conversations.create({ type, name: 'Room', participantIds, ...settings });
  await Promise.all([ann, max].map((who) => who.hears('conversation_updated')));
  return { ...people, id };
}

const say = (who: Actor, id: string, content: string) => who.client.messages.post(id, content);
const api = (who: Actor) => who.client.conversations;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const refused = (code: string) => expect.objectContaining({ code }) as unknown;
const outcomeOf = (attempt: Promise<JoinResult>): Promise<string> =>
  attempt.then(
    ({ status }) => status,
    ({ code }: ParleyError) => code,
  );

describeOnEachDeployment((on) => {
  it('obey their table of permissions as soon as it is changed, wherever it was', async () => {
    const { olga, ann, max, id } = await group(on());
    await expect(api(ann).update(id, { name: 'Mine' })).rejects.toEqual(refused('forbidden'));
    await api(olga).update(id, { permissions: { editDetails: 'member', mentionAll: 'admin', post: 'moderator' } });
    await ann.hears('conversation_updated', ({ permissions }) => permissions.post === 'moderator');
    expect(await api(ann).update(id, { name: 'Ours' })).toMatchObject({ name: 'Ours' });
    await expect(say(ann, id, 'may I?')).rejects.toEqual(refused('forbidden'));

    await api(olga).changeRole(id, ann.id, 'moderator');
    expect(await ann.hears('seat_updated')).toMatchObject({ me: { role: 'moderator' } });
    await max.hears('participant_updated', ({ participant }) => participant.userId === ann.id);
    expect((await say(ann, id, 'I may, @all')).mentions).toEqual([]);
    await expect(api(ann).changeRole(id, max.id, 'admin')).rejects.toEqual(refused('forbidden'));
    await expect(api(ann).remove(id, olga.id)).rejects.toEqual(refused('forbidden'));
  });

  it('as channels are written by few and read by everyone', async () => {
    const { olga, ann, max, id } = await group(on(), {}, 'channel');
    await expect(say(ann, id, 'hello?')).rejects.toEqual(refused('forbidden'));
    await say(olga, id, 'the news');
    await Promise.all([ann, max].map((who) => who.hears('new_message', ({ content }) => content === 'the news')));
    const [news] = (await ann.client.messages.history(id)).items.filter(({ content }) => content === 'the news');
    await expect(ann.client.messages.react(news?.id ?? '', '🎉')).rejects.toEqual(refused('forbidden'));
  });

  it('slow their members down, and silence one for a while', async () => {
    const { olga, ann, max, id } = await group(on(), { slowModeSeconds: 3_600 });
    await say(ann, id, 'first');
    await expect(say(ann, id, 'second')).rejects.toMatchObject({ code: 'slow_mode', retryable: true });
    await say(olga, id, 'slow mode is not for');
    await say(olga, id, 'those who keep order');

    const silenced = await api(olga).mute(id, max.id, inAnHour());
    expect(silenced.silencedUntil).not.toBeNull();
    expect((await max.hears('seat_updated')).me.silencedUntil).toBe(silenced.silencedUntil);
    await expect(say(max, id, 'but')).rejects.toEqual(refused('silenced'));
    await api(olga).mute(id, max.id, null);
    await say(max, id, 'thanks');
  });

  it('keep out who is banned until that is lifted, by whatever door', async () => {
    const { olga, ann, max, id } = await group(on(), { joinPolicy: 'open' });
    const { code } = await api(olga).createInvite(id);
    await api(olga).ban(id, max.id, { reason: 'spam' });
    expect(await max.hears('conversation_removed')).toMatchObject({ conversationId: id, reason: 'banned' });
    await expect(api(max).join(id)).rejects.toEqual(refused('banned'));
    await expect(api(max).join(id, code)).rejects.toEqual(refused('banned'));
    await expect(api(olga).add(id, [max.id])).rejects.toEqual(refused('forbidden'));
    expect((await api(olga).bans(id)).items).toMatchObject([{ user: { id: max.id }, reason: 'spam' }]);

    await api(olga).liftBan(id, max.id);
    expect(await api(max).join(id)).toMatchObject({ status: 'joined', conversation: { memberCount: 3 } });
    await ann.hears('participant_joined', ({ participant }) => participant.userId === max.id);
  });

  it('let in by an invite no more people than it is for, however many come at once', async () => {
    const { olga, id } = await group(on());
    const { code } = await api(olga).createInvite(id, { maxUses: 2 });
    const people = Object.values(await cast(on(), ...Array.from({ length: 8 }, (_, index) => `guest${index}`)));
    const [first] = people;
    if (!first) throw new Error('nobody came');
    expect(await api(first).previewInvite(code)).toMatchObject({ conversationId: id, name: 'Room', isMember: false });
    const outcomes = await Promise.all(people.map((who) => outcomeOf(api(who).join(id, code))));
    expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === 'not_found')).toHaveLength(6);
    expect((await api(olga).get(id)).memberCount).toBe(5);
  });

  it('let in nobody by an invite that was revoked or has expired', async () => {
    const { olga, eve, id } = await group(on());
    const soon = new Date(Date.now() + 300).toISOString();
    const [revoked, expiring] = [
      await api(olga).createInvite(id),
      await api(olga).createInvite(id, { expiresAt: soon }),
    ];
    await api(olga).revokeInvite(id, revoked.id);
    await expect(api(eve).join(id, revoked.code)).rejects.toEqual(refused('not_found'));
    await expect.poll(() => outcomeOf(api(eve).previewInvite(expiring.code) as never)).toBe('not_found');
    await expect(api(eve).join(id, expiring.code)).rejects.toEqual(refused('not_found'));
  });

  it('have who asks to join wait for a yes', async () => {
    const { olga, ann, eve, id } = await group(on(), { joinPolicy: 'approval' });
    await expect(api(eve).join(id)).rejects.toEqual(refused('not_found'));
    const { code } = await api(olga).createInvite(id);
    expect(await api(eve).join(id, code)).toEqual({ status: 'requested', conversation: null });
    await expect(api(eve).get(id)).rejects.toEqual(refused('not_found'));
    await expect(api(ann).requests(id)).rejects.toEqual(refused('forbidden'));
    expect((await api(olga).requests(id)).items).toMatchObject([{ user: { id: eve.id } }]);
    await api(olga).approve(id, eve.id);
    expect(await eve.hears('conversation_updated')).toMatchObject({ id, me: { role: 'member' } });
    expect((await api(olga).requests(id)).items).toEqual([]);
  });

  it('always have one owner, also when two are made at once and when the owner leaves', async () => {
    const { olga, ann, max, id } = await group(on());
    const ownersOf = async () => (await api(max).participants(id)).items.filter(({ role }) => role === 'owner');
    await expect(api(olga).changeRole(id, olga.id, 'member')).rejects.toEqual(refused('forbidden'));
    const race = await Promise.allSettled([api(olga).transfer(id, ann.id), api(olga).transfer(id, max.id)]);
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await ownersOf()).toHaveLength(1);

    const [owner] = await ownersOf();
    const leaving = [ann, max].find((who) => who.id === owner?.userId);
    if (!leaving) throw new Error('somebody else is the owner');
    await api(leaving).leave(id);
    await olga.hears('participant_left', ({ userId, reason }) => userId === leaving.id && reason === 'left');
    const { items } = await api(olga).participants(id);
    expect(items.filter(({ role }) => role === 'owner')).toHaveLength(1);
  });

  it('show newcomers what was said before, or not, as they are set', async () => {
    const { olga, ann, eve, id } = await group(on(), { historyVisibility: 'joined' });
    await say(ann, id, 'before Eve');
    await api(olga).add(id, [eve.id]);
    await say(ann, id, 'with Eve');
    const contents = async () => (await eve.client.messages.history(id)).items.map(({ content }) => content);
    expect(await contents()).toEqual([null, 'with Eve']);
    await api(olga).update(id, { historyVisibility: 'all' });
    const { nina } = await cast(on(), 'nina');
    await api(olga).add(id, [nina.id]);
    const seen = (await nina.client.messages.history(id)).items.map(({ content }) => content);
    expect(seen.slice(0, 3)).toEqual(['before Eve', null, 'with Eve']);
  });

  it('are over for everybody when they are deleted', async () => {
    const { olga, ann, max, id } = await group(on());
    const message = await say(ann, id, 'the last word');
    await expect(api(ann).delete(id)).rejects.toEqual(refused('forbidden'));
    await api(olga).delete(id);
    for (const who of [ann, max]) {
      expect(await who.hears('conversation_removed')).toMatchObject({ conversationId: id, reason: 'deleted' });
      await expect(say(who, id, 'anybody here?')).rejects.toEqual(refused('not_found'));
      await expect(who.client.messages.status(message.id)).rejects.toEqual(refused('not_found'));
    }
  });
});
