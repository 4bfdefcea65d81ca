import data from 'emojibase-data/en/compact.json' with { type: 'json' };

export { data };
