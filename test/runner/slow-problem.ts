/**
 * A problem that nobody waits for, so that a run can be disturbed: twenty points in fifty dimensions are always
 * separable, so the logistic loss has its minimum far away and gradient descent creeps towards it.
 */
export const slowProblem = `problem "Slow on purpose"
data {
  X : matrix[20, 50] = normal(0, 1, seed = 1)
  y : vector[20] = normal(0, 1, seed = 2)
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
