import data from 'emojibase-data/zh/compact.json' with { type: 'json' };

export { data };
