"""Generalised and cumulative mixed models: ``glmer`` and ``clmm`` live here.

What comes in: a formula and a data frame, as for ``lmer``, with a response that is 0/1, a count of
trials (``cbind(k, n - k)``), a count, or an ordered answer. What goes out: frozen fits by the
Laplace approximation (or adaptive Gauss-Hermite quadrature for one random intercept) with standard
errors from the Hessian in all parameters, and simulated (scaled quantile) residuals for either.
"""
