/** Small, and never done: a tiny fixed step with no tolerance to reach. */
export const endlessProblem = `data {
  A : matrix[200, 40] = normal(0, 1, seed = 1)
  b : vector[200] = normal(0, 1, seed = 2)
}
upper {
  lambda : vector[40] = 0
  minimize sumsq(A * x - b)
}
lower {
  x : vector[40] = 0
  minimize mean(log_cosh(A * x - b)) + sum(exp(lambda) .* x .^ 2)
}
solve {
  upper = projected_gradient(step = 1e-9, tolerance = 0)
  budget = 1000000000
}
`;
