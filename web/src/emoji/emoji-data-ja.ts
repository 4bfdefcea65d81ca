import data from 'emojibase-data/ja/compact.json' with { type: 'json' };

export { data };
