/** A problem whose lower level needs more gradient steps than anybody waits for, so that a run can be disturbed. */
export const slowProblem = `problem "Slow on purpose"
data {
  X : matrix[400, 50] = normal(0, 1, seed = 1)
  y : vector[400] = normal(0, 1, seed = 2)
}
upper {
  lambda : scalar = -25
  minimize sumsq(X * w - y)
}
lower {
  w : vector[50] = 0
  minimize sum(logistic_loss(y .* (X * w))) + exp(lambda) * sumsq(w)
}
solve {
  lower  = gradient_descent(tolerance = 1e-13, iterations = 1000000000)
  budget = 1000000000
}
`;
