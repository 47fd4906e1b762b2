# What is taken out of a fit, as tables (data frames, one row per figure) with the names that R gives.

# --- parts that all kinds of fit share -------------------------------------------------------------------------

coefficient_table <- function(estimate, covariance) {
  data.frame(term = names(estimate), estimate = unname(estimate), se = unname(sqrt(diag(covariance))))
}

matrix_of <- function(covariance) {
  list(terms = I(rownames(covariance)), values = unname(as.matrix(covariance)))
}

variance_table <- function(fit) {
  out <- as.data.frame(lme4::VarCorr(fit))
  data.frame(
    group = sub("\\.\\d+$", "", out$grp), term1 = ifelse(is.na(out$var1), "", out$var1),
    term2 = ifelse(is.na(out$var2), "", out$var2), vcov = out$vcov, sdcor = out$sdcor
  )
}

group_counts <- function(fit) {
  counts <- lme4::ngrps(fit)
  data.frame(group = names(counts), n = unname(counts))
}

# Position of every random effect among b: one row per (grouping factor, level, column).
effect_index <- function(fit) {
  terms <- lme4::getME(fit, "cnms")
  factors <- lme4::getME(fit, "flist")
  of <- attr(factors, "assign")
  rows <- lapply(seq_along(terms), function(i) {
    levels <- levels(factors[[of[i]]])
    data.frame(
      group = names(factors)[of[i]], level = rep(levels, each = length(terms[[i]])),
      term = rep(terms[[i]], length(levels))
    )
  })
  do.call(rbind, rows)
}

# Means and contrasts of them. `ask`: by, at, within, weights; the contrasts compare what `by` has beside `within`.
means_results <- function(fit, data, ask, ...) {
  means <- emmeans::emmeans(
    fit, ask$by, at = ask$at, data = data, weights = or(ask$weights, "equal"), ...
  )
  marginal_results(means, ask, "emmean")
}

trends_results <- function(fit, data, ask, ...) {
  trends <- emmeans::emtrends(fit, ask$by, var = ask$var, at = ask$at, data = data, ...)
  marginal_results(trends, ask, paste0(ask$var, ".trend"))
}

marginal_results <- function(means, ask, what) {
  table <- as.data.frame(summary(means, infer = TRUE))
  at <- lapply(ask$at, I)
  out <- list(by = I(ask$by), at = at, within = I(as.character(ask$within)), weights = or(ask$weights, "equal"))
  out$var <- ask$var
  out$rows <- cbind(table[ask$by], estimate_columns(table, what))
  if (nrow(table) > max(1, nrow(unique(table[ask$within])))) {
    out$pairs <- contrast_rows(means, "pairwise", ask)
    free <- setdiff(ask$by, ask$within)
    count <- length(unique(table[[free[1]]]))
    if (length(free) == 1 && count > 2) {
      weights <- c(-1, rep(0, count - 3), -1, 2)
      out$custom <- list(weights = weights, rows = contrast_rows(means, list(custom = weights), ask))
    }
  }
  out
}

# Contrasts in each family of `within`, unadjusted, by Holm and (pairwise) by Tukey. `first` and `second` name means.
contrast_rows <- function(means, method, ask) {
  by <- if (length(ask$within)) ask$within
  made <- emmeans::contrast(means, method, by = by)
  table <- as.data.frame(summary(made, infer = TRUE, adjust = "none"))
  out <- cbind(table[as.character(by)], estimate_columns(table, "estimate"))
  out$holm <- as.data.frame(summary(made, adjust = "holm"))$p.value
  if (identical(method, "pairwise")) {
    out$tukey <- as.data.frame(summary(made, adjust = "tukey"))$p.value
    cells <- unique(means@grid[setdiff(ask$by, ask$within)])
    pairs <- utils::combn(do.call(paste, lapply(cells, as.character)), 2)
    out$first <- rep(pairs[1, ], length.out = nrow(out))
    out$second <- rep(pairs[2, ], length.out = nrow(out))
  }
  out
}

estimate_columns <- function(table, what) {
  pick <- function(...) table[[intersect(c(...), names(table))[1]]]
  data.frame(
    estimate = pick(what, "emmean", "estimate"), se = table$SE, df = table$df,
    statistic = pick("t.ratio", "z.ratio"), p = table$p.value,
    low = pick("lower.CL", "asymp.LCL"), high = pick("upper.CL", "asymp.UCL")
  )
}

# Shares of variance by hand: mean over the rows of z' Sigma z by level, Nakagawa & Schielzeth (2013), Johnson (2014).
shares <- function(fit, residual) {
  random <- level_variances(fit)
  fixed <- var(as.vector(lme4::getME(fit, "X") %*% lme4::fixef(fit)))
  total <- sum(random) + residual
  list(
    icc = data.frame(group = c(names(random), "Residual"), share = c(unname(random), residual) / total),
    r2 = data.frame(kind = c("marginal", "conditional"), value = c(fixed, fixed + sum(random)) / (fixed + total))
  )
}

level_variances <- function(fit) {
  spread <- as.matrix(lme4::getME(fit, "Z")) %*% t(as.matrix(lme4::getME(fit, "Lambdat")))
  group <- effect_index(fit)$group
  scale <- if (lme4::isLMM(fit)) sigma(fit)^2 else 1
  scale * tapply(colMeans(spread^2), factor(group, unique(group)), sum)
}

or <- function(value, other) if (is.null(value)) other else value

# --- linear fits -----------------------------------------------------------------------------------------------

linear_results <- function(fit, data, reml) {
  residual <- sigma(fit)^2 * mean(1 / weights(fit))
  c(
    list(
      nobs = nobs(fit), ngroups = group_counts(fit), singular = lme4::isSingular(fit, tol = 1e-4),
      criterion = if (reml) lme4::REMLcrit(fit) else stats::deviance(fit), aic = AIC(fit), bic = BIC(fit),
      sigma = sigma(fit), coefficients = coefficient_table(lme4::fixef(fit), vcov(fit)), vcov = matrix_of(vcov(fit)),
      varcorr = variance_table(fit), ranef = linear_modes(fit), fitted = unname(head(fitted(fit), 20)),
      marginal = unname(head(predict(fit, re.form = NA), 20))
    ),
    shares(fit, residual)
  )
}

# Errors of (b, u) from Henderson's mixed-model equations, dense: the uncertainty of b is in those of u.
linear_modes <- function(fit, largest = 20) {
  z <- as.matrix(lme4::getME(fit, "Z"))
  lambda <- t(as.matrix(lme4::getME(fit, "Lambdat")))
  x <- lme4::getME(fit, "X")
  w <- weights(fit)
  q <- ncol(z)
  both <- cbind(z %*% lambda, x)
  inverse <- solve(crossprod(both, w * both) + diag(c(rep(1, q), rep(0, ncol(x))))) * sigma(fit)^2
  back <- rbind(cbind(lambda, matrix(0, q, ncol(x))), cbind(matrix(0, ncol(x), q), diag(ncol(x))))
  errors <- back %*% inverse %*% t(back)
  index <- effect_index(fit)
  index$estimate <- as.vector(lme4::getME(fit, "b"))
  index$se <- sqrt(diag(errors)[seq_len(q)])
  alike <- sapply(split(index$term, index$group), function(terms) all(terms %in% colnames(x)))  # coded as in X
  fixed <- ifelse(alike[index$group], match(index$term, colnames(x)), NA)
  pair <- cbind(seq_len(q), q + fixed)
  index$own <- index$estimate + lme4::fixef(fit)[fixed]
  index$own_se <- sqrt(index$se^2 + diag(errors)[q + fixed] + 2 * errors[pair])
  keep_small(index, largest)
}

keep_small <- function(index, largest) {
  do.call(rbind, lapply(split(index, factor(index$group, unique(index$group))), function(part) {
    part[part$level %in% head(unique(part$level), largest), ]
  }))
}

satterthwaite_results <- function(fit) {
  list(tests = test_table(coef(summary(fit, ddf = "Satterthwaite"))), anova = anova_table(fit, "Satterthwaite"))
}

kenward_roger_results <- function(fit) {
  adjusted <- as.matrix(pbkrtest::vcovAdj(fit))
  dimnames(adjusted) <- dimnames(as.matrix(vcov(fit)))
  list(
    tests = test_table(coef(summary(fit, ddf = "Kenward-Roger"))), vcov = matrix_of(adjusted),
    anova = anova_table(fit, "Kenward-Roger")
  )
}

test_table <- function(rows) {
  data.frame(
    term = rownames(rows), estimate = rows[, 1], se = rows[, 2], df = rows[, "df"], statistic = rows[, "t value"],
    p = rows[, "Pr(>|t|)"]
  )
}

anova_table <- function(fit, method) {
  rows <- anova(fit, type = "III", ddf = method)
  rows <- rows[!is.na(rows$NumDF), ]  # terms of which no column is left
  if (nrow(rows) == 0) return(NULL)
  data.frame(
    term = trimws(rownames(rows)), num_df = rows$NumDF, den_df = rows$DenDF, statistic = rows$`F value`, p = rows$`Pr(>F)`
  )
}

# Profile-likelihood bounds of standard deviations and correlations (of the ML deviance).
profile_results <- function(fit) {
  ml <- lme4::refitML(fit)
  profiled <- profile(ml, which = "theta_", signames = FALSE, maxpts = 200, delta.cutoff = 1 / 16)
  bounds <- confint(profiled)
  data.frame(name = rownames(bounds), low = bounds[, 1], high = bounds[, 2])
}

# --- generalised fits ------------------------------------------------------------------------------------------

# Covariance of the fixed effects from the Hessian in all parameters that are not held by their bound.
general_covariance <- function(fit) {
  deviance <- update(fit, devFunOnly = TRUE)
  theta <- lme4::getME(fit, "theta")
  beta <- lme4::fixef(fit)
  free <- c(!(lme4::getME(fit, "lower") == 0 & theta < 1e-4), rep(TRUE, length(beta)))
  at <- c(theta, beta)
  hessian <- numDeriv::hessian(function(x) deviance(replace(at, free, x)), at[free], method.args = fine)
  inverse <- 2 * solve(hessian)
  keep <- seq_len(sum(free)) > sum(free) - length(beta)
  structure(inverse[keep, keep, drop = FALSE], dimnames = list(names(beta), names(beta)))
}

general_results <- function(fit, covariance, loglik, residual) {
  c(
    list(
      nobs = nobs(fit), ngroups = group_counts(fit), singular = lme4::isSingular(fit, tol = 1e-4), loglik = loglik,
      coefficients = coefficient_table(lme4::fixef(fit), covariance), vcov = matrix_of(covariance),
      varcorr = variance_table(fit), ranef = general_modes(fit), fitted = unname(head(fitted(fit), 20)),
      marginal = unname(head(predict(fit, re.form = NA, type = "link"), 20))
    ),
    shares(fit, residual)
  )
}

general_modes <- function(fit, largest = 20) {
  modes <- as.data.frame(lme4::ranef(fit, condVar = TRUE))
  index <- data.frame(
    group = modes$grpvar, level = as.character(modes$grp), term = as.character(modes$term), estimate = modes$condval,
    se = modes$condsd
  )
  keep_small(index, largest)
}
