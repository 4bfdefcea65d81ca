/** Lint rules of our own, for what the built-in ones cannot say. */

const message = 'Time is injected so that tests can move it: use clock.now().';
const isDate = ({ type, name }) => type === 'Identifier' && name === 'Date';

/** `new Date()` and `Date()` read the clock; `new Date(value)` only converts and stays allowed. */
const noAmbientDate = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    NewExpression(node) {
      if (isDate(node.callee) && node.arguments.length === 0) context.report({ node, message });
    },
    CallExpression(node) {
      if (isDate(node.callee)) context.report({ node, message });
    },
  }),
};

export default { meta: { name: 'parley' }, rules: { 'no-ambient-date': noAmbientDate } };
