/**
 * Files as large as one likes that look like people's: many related regressions learned together, each
 * with its data, its unknowns at both levels and its terms as `let`s that the objectives add up, with
 * comments. They have no errors, so that every stage of the checker has all of its work to do.
 */

/** How many regressions one `let` adds up, so that no expression has more operators than the language reads. */
const tasksInPart = 10;
/** About so many lines come with one more regression. */
const linesOfTask = 14.25;

/** A file of about so many lines; data paths are relative to the folder of the samples. */
export function largeFile(lines: number): string {
  const tasks = Array.from(
    { length: Math.max(1, Math.round((lines - 24) / linesOfTask)) },
    (_, at) => at + 1,
  );
  const sums = (name: string): string[] => {
    const parts: string[] = [];
    for (let from = 0; from < tasks.length; from += tasksInPart) {
      const part = tasks.slice(from, from + tasksInPart).map((task) => `${name}_${task}`);
      parts.push(`  let ${name}s_${parts.length + 1} = ${part.join(' + ')}`);
    }
    return parts;
  };
  // A sum of sums keeps every chain of operators short.
  const total = (name: string): string[] => {
    const found: string[] = [];
    let names = Array.from(
      { length: Math.ceil(tasks.length / tasksInPart) },
      (_, at) => `${name}s_${at + 1}`,
    );
    for (let level = 1; names.length > 1; level++) {
      const next: string[] = [];
      for (let from = 0; from < names.length; from += tasksInPart) {
        const sum = `${name}s_${level}_${next.length + 1}`;
        found.push(`  let ${sum} = ${names.slice(from, from + tasksInPart).join(' + ')}`);
        next.push(sum);
      }
      names = next;
    }
    return [...found, `  minimize (${names[0] ?? ''}) / ${tasks.length}`];
  };
  return [
    '# Regressions that share nothing but their number of features, each with penalties of its own.',
    'problem "Many regressions"',
    '',
    'let width = 0.05  # where the smoothed absolute value turns',
    'let floor = 0.0001',
    'let ridge(u) = floor * sumsq(u)',
    '',
    'data {',
    ...tasks.flatMap(dataOf),
    '}',
    '',
    'upper {',
    ...tasks.flatMap(upperOf),
    ...sums('validation'),
    ...total('validation'),
    '}',
    '',
    'lower {',
    ...tasks.flatMap(lowerOf),
    ...sums('fit'),
    ...total('fit'),
    '}',
    '',
    'solve {',
    '  lower         = fista(tolerance = 1e-6)',
    '  hypergradient = implicit(cg(tolerance = 0.01))',
    '  budget        = 20000',
    '}',
    '',
    'expect {',
    '  upper_objective <= 0.5  # what a paper reports',
    '}',
    '',
  ].join('\n');
}

const table = 'csv("data/diabetes.csv"';

function dataOf(task: number): string[] {
  const rows = 100 + (task % 200);
  return [
    `  # Regression ${task}: ${rows} rows to learn from, the others tell how well.`,
    `  X_${task}  : matrix[n_${task}, d] = ${table}, columns = 1..10, rows = 1..${rows}, shuffle = ${task})`,
    `  y_${task}  : vector[n_${task}]    = ${table}, columns = "target", rows = 1..${rows}, shuffle = ${task}) / 100`,
    `  Xv_${task} : matrix[m_${task}, d] = ${table}, columns = 1..10, rows = ${rows + 1}..442, shuffle = ${task})`,
    `  yv_${task} : vector[m_${task}]    = ${table}, columns = "target", rows = ${rows + 1}..442, shuffle = ${task}) / 100`,
    '',
  ];
}

function upperOf(task: number): string[] {
  return [
    `  lambda_${task} : vector[d] in [-8, 4] = -2`,
    `  let validation_${task} = ${
      [
        `sumsq(Xv_${task} * w_${task} - yv_${task}) / m_${task}`,
        `mean(huber(Xv_${task} * w_${task} - yv_${task}, 1))`,
        `mean(smooth_abs(Xv_${task} * w_${task} - yv_${task}, width))`,
      ][task % 3] as string
    }`,
  ];
}

function lowerOf(task: number): string[] {
  return [
    `  w_${task} : vector[d] = 0`,
    `  let residual_${task} = X_${task} * w_${task} - y_${task}`,
    `  let penalty_${task}  = sum(exp(lambda_${task}) .* w_${task} .^ 2) + ridge(w_${task})`,
    `  # How far the prediction of regression ${task} is off, and how large its weights are.`,
    `  let fit_${task} = ${
      [
        `sumsq(residual_${task}) / n_${task} + penalty_${task}`,
        `mean(log_cosh(residual_${task})) + 0.5 * penalty_${task}`,
        `mean(smooth_abs(residual_${task}, width)) + penalty_${task} / 2`,
        `(sumsq(residual_${task}) + 2 * sumsq(w_${task})) / n_${task} + penalty_${task}`,
      ][task % 4] as string
    }`,
    '',
  ];
}
