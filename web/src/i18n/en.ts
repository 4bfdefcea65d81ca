import app from '../app/en.json' with { type: 'json' };
import auth from '../auth/en.json' with { type: 'json' };
import chat from '../chat/en.json' with { type: 'json' };
import conversations from '../conversations/en.json' with { type: 'json' };
import emoji from '../emoji/en.json' with { type: 'json' };
import groups from '../groups/en.json' with { type: 'json' };
import palette from '../palette/en.json' with { type: 'json' };
import settings from '../settings/en.json' with { type: 'json' };

/** The English catalogue: each part of the client keeps its own words beside it. */
export const en = { app, auth, chat, conversations, emoji, groups, palette, settings };
