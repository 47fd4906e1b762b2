# Covariance of all parameters, the covariance parameters included: `Rscript tests/mixed/reference/joint.R` writes
# joint/*.json (data are those of data/*.csv, which make.R wrote). glmmTMB and ordinal give it with the logarithm of each
# standard deviation, for models of random intercepts alone.
library(glmmTMB)
library(ordinal)

here <- "tests/mixed/reference"
read <- function(name, factors) {
  data <- read.csv(file.path(here, "data", paste0(name, ".csv")))
  for (column in factors) data[[column]] <- factor(data[[column]])
  data
}
keep <- function(name, covariance, versions) {
  result <- list(names = rownames(covariance), covariance = unname(covariance), versions = versions)
  text <- jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE, pretty = TRUE)
  writeLines(text, file.path(here, "joint", paste0(name, ".json")))
}
version <- function(package) setNames(list(as.character(packageVersion(package))), package)

sharp <- glmmTMBControl(optCtrl = list(rel.tol = 1e-13, iter.max = 1000, eval.max = 1000))
tmb <- function(name, ...) keep(name, vcov(glmmTMB(..., control = sharp), full = TRUE), version("glmmTMB"))

tmb("share", cbind(incidence, size - incidence) ~ factor(period) + (1 | herd), family = binomial, data = read("cbpp", "period"))
tmb("count", TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION), family = nbinom2, data = read("grouseticks", "YEAR"))
tmb("linear", Reaction ~ Days + (1 | Subject), family = gaussian, data = read("sleepstudy", "Subject"), REML = FALSE)

wine <- read("wine", c("rating", "temp", "contact", "judge"))
fit <- clmm(rating ~ temp + contact + (1 | judge), data = wine, 
            control = clmm.control(method = "nlminb", iter.max = 1000, eval.max = 1000, rel.tol = 1e-15, x.tol = 1e-12))
keep("rating", vcov(fit), version("ordinal"))
