/** The value of a formula of numbers, in doubles; formulas fold only what is exact. */
import type { Formula } from '../../server/src/atoms/formula.ts';

export function valueOf(formula: Formula | undefined): number {
  if (formula?.kind === 'number') return formula.value;
  if (formula?.kind !== 'operation') return NaN;
  const args = formula.args.map(valueOf);
  const [a = NaN, b = NaN] = args;
  switch (formula.operation) {
    case 'add':
      return args.reduce((sum, value) => sum + value, 0);
    case 'multiply':
      return args.reduce((product, value) => product * value, 1);
    case 'divide':
      return a / b;
    case 'maximum':
      return Math.max(...args);
    case 'minimum':
      return Math.min(...args);
    case 'sqrt':
      return Math.sqrt(a);
    case 'log':
      return Math.log(a);
    case 'exp':
      return Math.exp(a);
    case 'negate':
      return -a;
    case 'power':
      return a ** b;
  }
}
