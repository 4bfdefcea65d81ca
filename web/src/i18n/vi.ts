import app from '../app/vi.json' with { type: 'json' };
import auth from '../auth/vi.json' with { type: 'json' };
import chat from '../chat/vi.json' with { type: 'json' };
import conversations from '../conversations/vi.json' with { type: 'json' };
import emoji from '../emoji/vi.json' with { type: 'json' };
import groups from '../groups/vi.json' with { type: 'json' };
import palette from '../palette/vi.json' with { type: 'json' };
import settings from '../settings/vi.json' with { type: 'json' };

/** The Vietnamese catalogue: each part of the client keeps its own words beside it. */
export const vi = { app, auth, chat, conversations, emoji, groups, palette, settings };
