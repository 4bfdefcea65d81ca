import data from 'emojibase-data/ko/compact.json' with { type: 'json' };

export { data };
