# Fits pushed to convergence, so that a difference from them is not R's. lme4's defaults stop near the optimum, and on
# some data at another optimum; an optimiser of our own takes their place.

# An optimiser as lme4 calls them: two programs from several starts, the best point, then Newton steps.
converged <- function(fn, par, lower, upper, control = list(), ...) {
  starts <- unique(lapply(c(1, 0.2, 4), function(k) ifelse(lower == 0, k * pmax(par, 0.1), par)))
  best <- list(par = par, value = fn(par))
  for (start in starts) {
    for (found in list(by_bobyqa(fn, start, lower, upper), by_nlopt(fn, start, lower, upper))) {
      if (found$value < best$value) best <- found
    }
  }
  best <- newton(fn, best, lower)
  list(par = best$par, fval = fn(best$par), feval = 0, conv = 0, message = "converged")  # fn is left at the optimum
}

by_bobyqa <- function(fn, start, lower, upper) {
  if (length(start) == 1) return(list(par = start, value = Inf))  # bobyqa needs two parameters
  found <- minqa::bobyqa(start, fn, lower, upper, control = list(rhobeg = 0.02, rhoend = 2e-9, maxfun = 50000))
  list(par = found$par, value = found$fval)
}

by_nlopt <- function(fn, start, lower, upper) {
  options <- list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 50000)
  found <- nloptr::nloptr(start, fn, lb = lower, ub = upper, opts = options)
  list(par = found$solution, value = found$objective)
}

# Newton steps in the parameters that are not held by their bound.
newton <- function(fn, best, lower, steps = 4) {
  held <- lower == 0 & best$par < 1e-4
  snapped <- replace(best$par, held, 0)
  if (fn(snapped) <= best$value + 1e-9) best <- list(par = snapped, value = fn(snapped))
  moved <- function(x) fn(replace(best$par, !held, x))
  for (step in seq_len(if (all(held)) 0 else steps)) {
    x <- best$par[!held]
    slope <- numDeriv::grad(moved, x, method.args = fine)
    curve <- numDeriv::hessian(moved, x, method.args = fine)
    change <- tryCatch(solve(curve, slope), error = function(e) 0 * x)
    value <- moved(x - change)
    if (!is.finite(value) || value > best$value + 1e-8 || max(abs(change)) > 0.1) break
    best$par[!held] <- x - change
    best$value <- value
    if (max(abs(change)) < 1e-10) break
  }
  best
}

fine <- list(d = 0.01, eps = 0.003, r = 4)  # Richardson steps wide enough to stay clear of rounding

linear_control <- lme4::lmerControl(
  optimizer = "converged", calc.derivs = FALSE, restart_edge = FALSE, check.conv.singular = "ignore",
  check.rankX = "message+drop.cols", check.scaleX = "ignore"
)

general_control <- lme4::glmerControl(
  optimizer = "converged", calc.derivs = FALSE, tolPwrss = 1e-13, check.conv.singular = "ignore",
  check.scaleX = "ignore"
)
