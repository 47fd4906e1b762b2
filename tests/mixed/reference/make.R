# Results of R that the tests hold pilot_eval.mixed against. From the project's root:
#   Rscript tests/mixed/reference/make.R [CASE ...]
# Writes data/*.csv and one JSON per case; README.md says what is in them.

suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))  # levels of text by code point
folder <- file.path("tests", "mixed", "reference")
for (part in c("made_data", "converged", "results", "cases")) source(file.path(folder, paste0(part, ".R")))
emmeans::emm_options(lmerTest.limit = 1e4, pbkrtest.limit = 1e4, msg.interaction = FALSE, msg.nesting = FALSE)
only <- commandArgs(trailingOnly = TRUE)
wanted <- function(name) length(only) == 0 || name %in% only

# --- data --------------------------------------------------------------------------------------------------------

# Written and read again, so that R fits what the tests read; factors keep the order of their levels.
prepare_data <- function(name) {
  made <- droplevels(as.data.frame(eval(datasets[[name]])))
  file <- file.path(folder, "data", paste0(name, ".csv"))
  write.csv(made, file, row.names = FALSE, quote = FALSE, na = "")
  read <- read.csv(file, stringsAsFactors = FALSE, na.strings = "")
  for (column in names(made)) {
    if (is.factor(made[[column]])) read[[column]] <- factor(as.character(read[[column]]), levels(made[[column]]))
    if (is.character(made[[column]])) read[[column]] <- factor(read[[column]])
  }
  read
}

describe_data <- function(name, data, text) {
  source <- paste(deparse(datasets[[name]], width.cutoff = 500), collapse = " ")
  package <- regmatches(source, regexpr("[A-Za-z0-9]+(?=::)", source, perl = TRUE))
  used <- intersect(all.vars(as.formula(text)), names(Filter(is.factor, data)))
  list(
    file = paste0("data/", name, ".csv"), source = source,
    version = if (length(package)) paste(package, version_of(package)) else "made_data.R",
    levels = lapply(data[used], function(x) I(levels(x)))
  )
}

# Rows to predict for: some that were fitted, and one of groups that were not seen.
new_rows <- function(data, text) {
  formula <- as.formula(text)
  groups <- unique(unlist(lapply(lme4::findbars(formula), function(bar) all.vars(bar[[3]]))))
  complete <- data[complete.cases(data[all.vars(formula)]), intersect(all.vars(formula), names(data))]
  rows <- complete[unique(round(seq(1, nrow(complete), length.out = 5))), ]
  rows[] <- lapply(rows, function(x) if (is.factor(x)) as.character(x) else x)
  fixed <- all.vars(lme4::nobars(formula))
  unseen <- rows[1, ]
  unseen[setdiff(groups, fixed)] <- "unseen"
  rows <- rbind(rows, unseen)
  rownames(rows) <- NULL
  rows
}

typed_like <- function(rows, data) {
  for (name in names(rows)) {
    if (is.factor(data[[name]])) {
      rows[[name]] <- factor(rows[[name]], union(levels(data[[name]]), unique(rows[[name]])))
      if (!anyNA(match(rows[[name]], levels(data[[name]])))) rows[[name]] <- factor(rows[[name]], levels(data[[name]]))
    }
  }
  rows
}

# --- writing -----------------------------------------------------------------------------------------------------

# Vectors and columns stay lists in JSON, whatever their length; only single values that stand alone are scalars.
boxed <- function(x) {
  if (is.data.frame(x)) return(lapply(as.list(x), function(column) I(unname(column))))
  if (is.list(x)) return(lapply(x, boxed))
  if (inherits(x, "AsIs") || is.matrix(x) || length(x) != 1) return(x)
  jsonlite::unbox(x)
}

version_of <- function(package) packageDescription(package)$Version

# Each vector on a line of its own.
compact <- function(text) {
  vectors <- gregexpr("\\[[^][{}]*\\]", text)
  regmatches(text, vectors) <- lapply(regmatches(text, vectors), function(x) gsub("\n *", " ", x))
  text
}

write_case <- function(name, call, data, packages, results) {
  versions <- c(R = paste(R.version$major, R.version$minor, sep = "."), sapply(packages, version_of))
  out <- boxed(list(call = call, data = data, versions = as.list(versions), results = results))
  text <- jsonlite::toJSON(out, digits = I(12), na = "string", pretty = 1, null = "null")
  writeLines(compact(text), file.path(folder, paste0(name, ".json")))
  cat("wrote", name, "\n")
}

# --- the kinds of cases ------------------------------------------------------------------------------------------

linear <- function(name, data_name, text, reml = TRUE, weights = NULL, kr = reml && is.null(weights), means = list(),
                   trends = list(), profile = FALSE, origin = NULL, fixed = NULL) {
  if (!wanted(name)) return(invisible())
  full <- data <- prepare_data(data_name)
  for (column in names(origin)) data[[column]] <- data[[column]] - origin[[column]]
  formula <- as.formula(text, env = environment())
  weigh <- if (!is.null(weights)) as.name(weights)
  fit <- eval(bquote(lmerTest::lmer(.(formula), data = data, REML = .(reml), weights = .(weigh), control = linear_control)))
  out <- linear_results(fit, data, reml)
  if (!out$singular && length(fixef(fit))) out$satterthwaite <- satterthwaite_results(fit)
  if (kr) out$kenward_roger <- kenward_roger_results(fit)
  if (profile) out$profile <- profile_results(fit)
  used <- data[rownames(model.frame(fit)), ]
  methods <- c(if (!out$singular) "satterthwaite", if (kr) "kenward-roger")
  for (method in methods) {
    shifted <- lapply(means, shift_asked, origin)
    out$means <- c(out$means, lapply(shifted, function(ask) {
      c(list(df = method), shift_back(means_results(fit, used, ask, lmer.df = method), origin))
    }))
    out$trends <- c(out$trends, lapply(trends, function(ask) {
      c(list(df = method), trends_results(fit, used, ask, lmer.df = method))
    }))
  }
  new <- new_rows(data, text)
  if (is.null(origin)) {
    typed <- typed_like(new, data)
    out$new <- list(rows = new, all = predict(fit, typed, allow.new.levels = TRUE), none = predict(fit, typed, re.form = NA))
  } else {
    out <- without_origin(out, names(origin), fixed)
  }
  call <- list(kind = "linear", formula = text, reml = reml, weights = weights, origin = if (length(origin)) as.list(origin))
  write_case(name, call, describe_data(data_name, full, text),
             c("lme4", "lmerTest", "pbkrtest", "emmeans", "minqa", "nloptr", "numDeriv"), out)
}

# lme4 loses digits where a covariate stands far from zero, so it is fitted less `origin`; what depends on the origin
# (coefficients of the intercept, a group's start) is left out.
shift_asked <- function(ask, origin) {
  for (column in names(origin)) ask$at[[column]] <- ask$at[[column]] - origin[[column]]
  ask
}

shift_back <- function(result, origin) {
  for (column in names(origin)) {
    result$at[[column]] <- I(result$at[[column]] + origin[[column]])
    result$rows[[column]] <- result$rows[[column]] + origin[[column]]
    names <- c("first", "second")
    result$pairs[names] <- lapply(result$pairs[names], function(x) as.character(as.numeric(x) + origin[[column]]))
  }
  result
}

without_origin <- function(out, moved, fixed) {
  out$vcov <- out$marginal <- out$icc <- out$kenward_roger$vcov <- NULL
  out$coefficients <- out$coefficients[out$coefficients$term %in% fixed, ]
  for (method in c("satterthwaite", "kenward_roger")) {
    out[[method]]$anova <- out[[method]]$anova[out[[method]]$anova$term %in% gsub("treat", "", fixed), ]
    out[[method]]$tests <- out[[method]]$tests[out[[method]]$tests$term %in% fixed, ]
  }
  with_slope <- unique(out$varcorr$group[out$varcorr$term1 %in% moved])
  out$varcorr <- out$varcorr[!(out$varcorr$group %in% with_slope) | (out$varcorr$term1 %in% moved & out$varcorr$term2 == ""), ]
  out$ranef$own[out$ranef$term == "(Intercept)"] <- NA
  out$ranef <- out$ranef[!(out$ranef$group %in% with_slope) | out$ranef$term %in% moved, ]
  out
}

general <- function(name, data_name, text, family, n_agq = 1, means = list(), trends = list()) {
  if (!wanted(name)) return(invisible())
  data <- prepare_data(data_name)
  formula <- as.formula(text, env = environment())
  fit <- eval(bquote(lme4::glmer(.(formula), data = data, family = .(as.name(family)), nAGQ = .(n_agq), control = general_control)))
  covariance <- general_covariance(fit)
  out <- general_results(fit, covariance, whole_loglik(fit, family, n_agq), link_variance(fit, family))
  out$means <- lapply(means, function(ask) c(list(df = "normal"), means_results(fit, data, ask, vcov. = covariance)))
  out$trends <- lapply(trends, function(ask) c(list(df = "normal"), trends_results(fit, data, ask, vcov. = covariance)))
  new <- new_rows(data, text)
  typed <- typed_like(new, data)
  out$new <- list(rows = new, all = predict(fit, typed, allow.new.levels = TRUE), none = predict(fit, typed, re.form = NA))
  call <- list(kind = "general", formula = text, family = family, n_agq = n_agq)
  write_case(name, call, describe_data(data_name, data, text), c("lme4", "emmeans", "minqa", "nloptr", "numDeriv"), out)
}

# With quadrature lme4 leaves out the log-likelihood of the saturated model.
whole_loglik <- function(fit, family, n_agq) {
  value <- as.numeric(logLik(fit))
  if (n_agq == 1) return(value)
  y <- lme4::getME(fit, "y")
  n <- weights(fit)
  value + if (family == "poisson") sum(dpois(y, y, log = TRUE)) else sum(dbinom(round(n * y), n, y, log = TRUE))
}

# Nakagawa, Johnson & Schielzeth (2017): variance of the distribution on the scale of the linear predictor.
link_variance <- function(fit, family) {
  if (family == "binomial") return(pi^2 / 3)
  log1p(1 / exp(mean(predict(fit, re.form = NA)) + 0.5 * sum(level_variances(fit))))
}

negative_binomial <- function(name, data_name, text) {
  if (!wanted(name)) return(invisible())
  data <- prepare_data(data_name)
  control <- glmmTMB::glmmTMBControl(optCtrl = list(iter.max = 1000, eval.max = 1000, rel.tol = 1e-15, x.tol = 1e-12))
  formula <- as.formula(text, env = environment())
  fit <- glmmTMB::glmmTMB(formula, data, family = glmmTMB::nbinom2, control = control)
  covariance <- vcov(fit)$cond
  sds <- sapply(glmmTMB::VarCorr(fit)$cond, function(part) attr(part, "stddev"))
  out <- list(
    nobs = nobs(fit), singular = FALSE, loglik = as.numeric(logLik(fit)), dispersion = sigma(fit),
    coefficients = coefficient_table(glmmTMB::fixef(fit)$cond, covariance), vcov = matrix_of(covariance),
    varcorr = data.frame(group = names(glmmTMB::VarCorr(fit)$cond), term1 = "(Intercept)", term2 = "", vcov = sds^2, sdcor = sds),
    gradient = max(abs(fit$obj$gr(fit$fit$par)))
  )
  call <- list(kind = "general", formula = text, family = "negative-binomial", n_agq = 1)
  write_case(name, call, describe_data(data_name, data, text), c("glmmTMB", "TMB"), out)
}

ordered_logit <- function(name, data_name, text, n_agq = 1) {
  if (!wanted(name)) return(invisible())
  data <- prepare_data(data_name)
  answer <- all.vars(as.formula(text))[1]
  data[[answer]] <- factor(data[[answer]], ordered = TRUE)
  formula <- as.formula(text, env = environment())
  control <- ordinal::clmm.control(method = "nlminb", iter.max = 1000, eval.max = 1000, rel.tol = 1e-15, x.tol = 1e-12)
  fit <- ordinal::clmm(formula, data = data, nAGQ = n_agq, Hess = TRUE, control = control)
  covariance <- vcov(fit)
  out <- list(
    nobs = fit$dims$n, singular = FALSE, loglik = as.numeric(logLik(fit)),
    coefficients = coefficient_table(fit$beta, covariance[names(fit$beta), names(fit$beta), drop = FALSE]),
    thresholds = coefficient_table(fit$alpha, covariance[names(fit$alpha), names(fit$alpha)]),
    varcorr = ordered_variances(fit), gradient = max(abs(fit$gradient))
  )
  call <- list(kind = "ordered", formula = text, n_agq = n_agq)
  write_case(name, call, describe_data(data_name, data, text), "ordinal", out)
}

ordered_variances <- function(fit) {
  rows <- lapply(names(ordinal::VarCorr(fit)), function(group) {
    sigma <- ordinal::VarCorr(fit)[[group]]
    at <- which(lower.tri(sigma, diag = TRUE), arr.ind = TRUE)
    on <- at[, 1] == at[, 2]
    data.frame(group = group, term1 = colnames(sigma)[at[, 2]], term2 = ifelse(on, "", colnames(sigma)[at[, 1]]), vcov = sigma[at])
  })
  do.call(rbind, rows)
}

# Likelihood-ratio statistic of two ML fits and its p under a mixture of chi-squares.
nested <- function(name, data_name, null, full, mixture, df) {
  name <- paste0("nested_", name)
  if (!wanted(name)) return(invisible())
  data <- prepare_data(data_name)
  deviances <- sapply(c(null, full), function(text) {
    stats::deviance(lme4::lmer(as.formula(text), data, REML = FALSE, control = linear_control))
  })
  statistic <- unname(deviances[1] - deviances[2])
  p <- sum(mixture * ifelse(df == 0, statistic <= 0, pchisq(statistic, pmax(df, 1), lower.tail = FALSE)))
  call <- list(kind = "nested", formula = full, null = null)
  out <- list(statistic = statistic, df = I(df), weights = I(mixture), p = p)
  write_case(name, call, describe_data(data_name, data, full), c("lme4", "minqa", "nloptr", "numDeriv"), out)
}

dir.create(file.path(folder, "data"), showWarnings = FALSE)
make_cases()
