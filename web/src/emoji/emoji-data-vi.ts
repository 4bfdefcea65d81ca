import data from 'emojibase-data/vi/compact.json' with { type: 'json' };

export { data };
