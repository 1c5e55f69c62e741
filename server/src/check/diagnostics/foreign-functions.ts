/**
 * Functions under the names that NumPy, PyTorch, CVXPY, MATLAB and Julia give them, and what to write here:
 * there are no second names for a thing, but whoever comes from there is told the first one. Where that is the same
 * function of the same arguments, it is written as a pattern too, `{1}` for the first argument: the first pattern that
 * the checker accepts is offered as an edit.
 */
const rows: readonly (readonly [names: string, instead: string, ...patterns: string[]])[] = [
  ['read_csv loadtxt genfromtxt readmatrix', 'a table is read by `csv("file.csv", columns = …)`, in `data`'],
  ['loadmat', 'an array is read by `mat("file.mat", array = "A")`, in `data`'],
  ['load', 'an array is read by `npy("file.npy")`, `npz(…)` or `mat(…)`, in `data`'],
  ['ln', 'the natural logarithm is `log(x)`', 'log({1})'],
  ['log2', 'write `log(x) / log(2)`', 'log({1}) / log(2)'],
  ['log10', 'write `log(x) / log(10)`', 'log({1}) / log(10)'],
  ['exp2', 'write `exp(log(2) * x)`', 'exp(log(2) * {1})'],
  [
    'norm',
    'write `norm2(x)`, `norm1(x)` or `norm_inf(x)`, or `sumsq(x)` for the square of the first',
    'norm2({1})',
  ],
  ['pnorm', 'write `sum(abs(x) .^ p) ^ (1 / p)` with the number p', 'sum(abs({1}) .^ {2}) ^ (1 / {2})'],
  ['l1_norm', 'write `norm1(x)`', 'norm1({1})'],
  ['linf norm_Inf', 'write `norm_inf(x)`', 'norm_inf({1})'],
  ['norm_fro normFro frobenius', 'write `norm2(A)`, or `sumsq(A)` for its square', 'norm2({1})'],
  ['sum_squares sumsqr', 'write `sumsq(x)`', 'sumsq({1})'],
  ['sum_entries', 'write `sum(x)`', 'sum({1})'],
  ['pow power', 'a power is written `x ^ k` for a number, `x .^ k` for an array', '{1} ^ {2}', '{1} .^ {2}'],
  ['cube', 'write `x .^ 3`', '{1} ^ 3', '{1} .^ 3'],
  ['rsqrt', 'write `x .^ -0.5`', '{1} ^ -0.5', '{1} .^ -0.5'],
  ['reciprocal', 'write `1 ./ x`, or `inv_pos(x)` where x is positive', '1 / {1}', '1 ./ {1}'],
  ['fabs absolute', 'write `abs(x)`', 'abs({1})'],
  ['pos', 'write `relu(x)`', 'relu({1})'],
  ['neg', 'write `relu(-x)`', 'relu(-{1})'],
  ['relu6', 'write `clip(x, 0, 6)`', 'clip({1}, 0, 6)'],
  ['leaky_relu LeakyReLU', 'write `maximum(x, 0.01 * x)`', 'maximum({1}, 0.01 * {1})'],
  ['elu', 'write `relu(x) + expm1(minimum(x, 0))`', 'relu({1}) + expm1(minimum({1}, 0))'],
  [
    'softsign',
    'write `x ./ (1 + abs(x))`, or `tanh(x)`, which is smooth',
    '{1} / (1 + abs({1}))',
    '{1} ./ (1 + abs({1}))',
  ],
  ['swish SiLU', 'write `silu(x)`', 'silu({1})'],
  ['mish', 'write `x .* tanh(softplus(x))`', '{1} * tanh(softplus({1}))', '{1} .* tanh(softplus({1}))'],
  ['logistic', 'CVXPY’s logistic is `softplus(x)`; the logistic function is `sigmoid(x)`'],
  ['expit', 'write `sigmoid(x)`', 'sigmoid({1})'],
  ['log_sigmoid logsigmoid', 'write `-softplus(-x)`', '-softplus(-{1})'],
  ['log_sum_exp', 'write `logsumexp(x)`', 'logsumexp({1})'],
  ['logaddexp', 'write `b + softplus(a - b)`', '{2} + softplus({1} - {2})'],
  [
    'xlogy',
    'write `x .* log(y)`, or `rel_entr(x, y)` and `entr(x)`, which are 0 where x is 0',
    '{1} * log({2})',
    '{1} .* log({2})',
  ],
  ['entropy', 'write `sum(entr(p))`', 'sum(entr({1}))'],
  ['kl kullback_leibler kl_divergence', 'write `sum(kl_div(p, q))`', 'sum(kl_div({1}, {2}))'],
  ['square_loss mse mse_loss mean_squared_error', 'write `mean((a - b) .^ 2)`', 'mean(({1} - {2}) .^ 2)'],
  [
    'mae l1_loss',
    'write `mean(abs(a - b))`, or `mean(smooth_abs(a - b, 0.01))`, which is smooth',
    'mean(abs({1} - {2}))',
  ],
  ['pseudo_huber', 'write `smooth_abs(t, width) - width`'],
  [
    'smooth_l1_loss huber_loss',
    'write `huber(t, threshold) / 2`, or `smooth_abs(t, width)`, which is smooth',
  ],
  ['hinge_loss', 'write `hinge(t)` with the margin t', 'hinge({1})'],
  ['quantile_loss', 'write `pinball(t, level)`'],
  [
    'poisson_loss poisson_nll_loss',
    'write `exp(z) - y .* z` with the logarithm z of the rate, or `kl_div(y, rate)`',
  ],
  [
    'bce binary_cross_entropy',
    'write `softplus(z) - y .* z` for labels 0 and 1, or `logistic_loss(t .* z)` for −1 and 1',
  ],
  ['accuracy_score', 'write `accuracy(Z, y)` with the scores Z, in `report`'],
  [
    'bce_with_logits binary_cross_entropy_with_logits',
    'write `softplus(z) - y .* z` for labels 0 and 1, or `logistic_loss(t .* z)` for −1 and 1',
    'mean(softplus({1}) - {2} .* {1})',
  ],
  ['nll_loss', 'write `cross_entropy(Z, y)` with the scores Z'],
  ['geo_mean', 'write `exp(mean(log(x)))`', 'exp(mean(log({1})))'],
  ['harmonic_mean', 'write `1 / mean(inv_pos(x))`', '1 / mean(inv_pos({1}))'],
  ['prod', 'for positive entries write `exp(sum(log(x)))`'],
  ['average', 'write `mean(x)`', 'mean({1})'],
  ['variance', 'write `var(x)`', 'var({1})'],
  ['stdev sd', 'write `std(x)`', 'std({1})'],
  ['arctan', 'write `atan(x)`', 'atan({1})'],
  ['tan', 'write `sin(x) ./ cos(x)`', 'sin({1}) / cos({1})', 'sin({1}) ./ cos({1})'],
  ['arctanh atanh', 'write `0.5 * (log1p(x) - log1p(-x))`', '0.5 * (log1p({1}) - log1p(-{1}))'],
  [
    'arcsinh asinh',
    'write `log(x + sqrt(x .^ 2 + 1))`',
    'log({1} + sqrt({1} ^ 2 + 1))',
    'log({1} + sqrt({1} .^ 2 + 1))',
  ],
  ['clamp', 'write `clip(x, least, most)`', 'clip({1}, {2}, {3})'],
  ['fmax', 'write `maximum(a, b)`', 'maximum({1}, {2})'],
  ['fmin', 'write `minimum(a, b)`', 'minimum({1}, {2})'],
  ['amax', 'write `max(x)`', 'max({1})'],
  ['amin', 'write `min(x)`', 'min({1})'],
  ['where ifelse', 'there are no conditions: write `maximum`, `minimum` or `clip`'],
  ['heaviside', 'a step has no derivative: write `sigmoid(x / width)`, or prepare it in the data'],
  ['sgn signum', 'write `sign(x)`, in `data` only', 'sign({1})'],
  [
    'len length size numel count',
    'the sizes of arrays are the names in their types: write `n` for `vector[n]`',
  ],
  ['hstack', 'vectors: `concat(a, b)`; matrices side by side: `concat(A, B, axis = 2)`'],
  ['vstack', 'vectors as rows: `stack(a, b)`; matrices below each other: `concat(A, B)`'],
  ['vec flatten ravel', 'write `reshape(A, m * n)`, row by row'],
  ['conv convolve', 'write `conv1d(x, k)`, with `flip(k)` for the convolution of mathematics'],
  ['gradient2d grad', 'forward differences of an image are `grad2d(x)`, of a signal `diff(x)`'],
  ['total_variation', 'write `tv(x, width)`, smoothed over the width'],
  ['cdist pdist', 'squared distances are `sqdist(X, Y)`'],
  ['repeat tile', 'arrays repeat by themselves entry by entry; copies end to end are `concat(x, x)`'],
  ['permute moveaxis', 'write `permute_axes(x, 2, 1, 3)`, the axes counted from 1'],
  ['transpose', "a transpose is written `A'`", "{1}'"],
  [
    'matmul mm mv bmm multiply_matrices',
    'a product is written `A * x`; of tensors it is that of the matrices on the last two axes',
    '{1} * {2}',
  ],
  [
    'einsum tensordot',
    'write `A * B` (of tensors the product on the last two axes), `permute_axes`, `outer` or `sum(A .* B, axis = k)`',
  ],
  ['swapaxes', "the last two axes are exchanged by `A'`, others by `permute_axes(x, 2, 1, 3)`"],
  [
    'logdet slogdet',
    'write `log_det(A)` with A symmetric and positive definite, `log_abs_det(A)` with any invertible A',
    'log_det({1})',
  ],
  [
    'det',
    'write `exp(log_det(A))` with A symmetric and positive definite, or `log_abs_det(A)` for the logarithm of its size',
    'exp(log_det({1}))',
  ],
  ['inverse', 'write `inv(A)`, or `solve(A, b)` where it multiplies b', 'inv({1})'],
  ['linsolve cho_solve lu_solve mldivide', 'write `solve(A, b)`'],
  ['pinv lstsq', "write `solve(A' * A, A' * b)`, or let the lower level minimise `sumsq(A * x - b)`"],
  [
    'lambda_max lambda_min eigmax eigmin eig eigh eigvals eigvalsh lambda_sum_largest',
    'eigenvalues have kinks where two of them meet, and are no functions here; the sets `psd(least)` and `spectral_ball(r)` bound them, and `trace` and `log_det` are their sum and the sum of their logarithms',
  ],
  [
    'sigma_max svd svdvals normNuc norm_nuc nuclear_norm cond',
    'singular values have kinks where two of them meet, and are no functions here; the set `spectral_ball(r)` bounds the largest, and `sumsq(A)` is the sum of their squares',
  ],
  ['sort argsort topk maxk', 'what is sorted has kinks, and is no function here; prepare it in the data'],
  [
    'median quantile percentile',
    'quantiles have kinks; one is learned as the minimiser of `mean(pinball(y - x, level))`',
  ],
  [
    'argmax',
    'an index has no derivative; `softmax(z)` is its smooth form, and `accuracy(Z, y)` in `report` counts hits',
  ],
  ['round floor ceil rint', 'a step has no derivative; prepare it in the data'],
  [
    'rand randn random',
    'random data is declared in `data`: `normal(0, 1, seed = 1)` or `uniform(0, 1, seed = 1)`',
  ],
  ['argmin', 'a lower level is written as a block: `lower { x : vector[d]  minimize … }`'],
];

export interface ForeignFunction {
  /** What to write, in words. */
  readonly instead: string;
  readonly patterns: readonly string[];
}

/** By the name that it has in another language. */
export const foreignFunctions: ReadonlyMap<string, ForeignFunction> = new Map(
  rows.flatMap(([names, instead, ...patterns]) =>
    names.split(' ').map((name) => [name, { instead, patterns }] as const),
  ),
);
