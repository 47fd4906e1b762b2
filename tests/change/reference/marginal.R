# Expected outcomes averaged over rows and integrated over random effects, by R: `Rscript tests/change/reference/marginal.R`
# writes marginal.json. Data are those of tests/mixed/reference/data; fits by lme4, glmmTMB and ordinal, integrals by
# stats::integrate.
suppressMessages({library(lme4); library(glmmTMB); library(ordinal)})
source("tests/mixed/reference/converged.R")

read <- function(name) read.csv(file.path("tests/mixed/reference/data", paste0(name, ".csv")))
over <- function(eta, v, f) integrate(function(z) f(eta + sqrt(v) * z) * dnorm(z), -12, 12, rel.tol = 1e-11)$value
average <- function(eta, v, f) mean(mapply(over, eta, v, MoreArgs = list(f = f)))
results <- list()

# shares: one random intercept
cbpp <- transform(read("cbpp"), period = factor(period))
fit <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, control = general_control)
v <- as.numeric(VarCorr(fit)$herd)
results$share <- sapply(c("1", "4"), function(p) {
  average(predict(fit, transform(cbpp, period = factor(p, levels(period))), re.form = NA), v, plogis)
})

# shares: a correlated slope and covariates, of which every row keeps its own
pilot <- read("pilot4")
fit <- glmer(hit ~ wave * group + sex + (wave | area) + (1 | resp), pilot, binomial, control = general_control)
S <- as.matrix(VarCorr(fit)$area)
results$slope <- sapply(c(0, 3), function(moved_to) {
  z <- c(1, moved_to)
  v <- as.numeric(t(z) %*% S %*% z) + as.numeric(VarCorr(fit)$resp)
  average(predict(fit, transform(pilot, wave = moved_to), re.form = NA), v, plogis)
})

# counts
ticks <- transform(read("grouseticks"), YEAR = factor(YEAR))
fit <- glmmTMB(TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION), ticks, nbinom2)
v <- sum(sapply(VarCorr(fit)$cond, as.numeric))
results$count <- sapply(c("95", "97"), function(y) {
  eta <- predict(fit, transform(ticks, YEAR = factor(y, levels(YEAR))), re.form = NA, type = "link", allow.new.levels = TRUE)
  average(eta, v, exp)
})

# ordered answers: probability of each level or a higher one
wine <- transform(read("wine"), rating = factor(rating), temp = factor(temp), contact = factor(contact))
fit <- clmm(rating ~ temp + contact + (1 | judge), wine,
            control = clmm.control(method = "nlminb", iter.max = 1000, eval.max = 1000, rel.tol = 1e-15, x.tol = 1e-12))
v <- as.numeric(VarCorr(fit)$judge)
results$ordered <- lapply(c("cold", "warm"), function(t) {
  eta <- coef(fit)["tempwarm"] * (t == "warm") + coef(fit)["contactyes"] * (wine$contact == "yes")
  sapply(fit$alpha, function(a) average(eta - a, v, plogis))
})

versions <- sapply(c("lme4", "glmmTMB", "ordinal"), function(p) as.character(packageVersion(p)))
results$versions <- as.list(versions)
writeLines(jsonlite::toJSON(results, digits = NA, auto_unbox = TRUE, pretty = TRUE), "tests/change/reference/marginal.json")
