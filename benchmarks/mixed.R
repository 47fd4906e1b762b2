# The tasks of benchmarks/mixed.py by lme4, lmerTest, pbkrtest and emmeans: Rscript benchmarks/mixed.R FOLDER
# Reads the CSV files that mixed.py wrote there; prints one line a measurement: task, processor seconds.
suppressPackageStartupMessages({
  library(lmerTest)
  library(pbkrtest)
  library(emmeans)
})
emm_options(pbkrtest.limit = 1e5, lmerTest.limit = 1e5)
options(warn = -1)
folder <- commandArgs(trailingOnly = TRUE)[1]
FORMULA <- "~ wave * role + (1 + wave | area) + (1 | school)"

data_of <- function(name) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  for (column in c("area", "school", "role")) d[[column]] <- factor(d[[column]])
  d
}
model_of <- function(outcome) as.formula(paste(outcome, FORMULA))

seconds <- function(task, expression) {
  gc(FALSE)
  begin <- proc.time()
  value <- eval(substitute(expression), parent.frame())
  used <- proc.time() - begin
  cat(sprintf("%s\t%.6f\n", task, used[["user.self"]] + used[["sys.self"]]))
  invisible(value)
}
quietly <- function(expression) suppressMessages(expression)

# every coefficient's Kenward-Roger test, as a user of pbkrtest asks for it
kr_each <- function(fit) apply(diag(length(fixef(fit))), 1, function(row) KRmodcomp(fit, matrix(row, 1)))
# the same from one adjusted covariance
kr_once <- function(fit) {
  adjusted <- vcovAdj(fit)
  plain <- vcov(fit)
  apply(diag(length(fixef(fit))), 1, function(row) Lb_ddf(row, plain, adjusted))
  list(adjusted = adjusted, plain = plain)
}

evening <- function(d, outcomes, once) {
  for (k in seq_len(outcomes)) {
    fit <- quietly(lmer(model_of(paste0("y", k - 1)), d))
    if (once) {
      kr <- kr_once(fit)
      means <- emmeans(fit, ~ role * wave, at = list(wave = 0:1), lmer.df = "asymptotic", vcov. = as.matrix(kr$adjusted))
      apply(means@linfct, 1, function(row) Lb_ddf(row, kr$plain, kr$adjusted))
    } else {
      summary(fit, ddf = "Kenward-Roger")
      as.data.frame(emmeans(fit, ~ role * wave, at = list(wave = 0:1), lmer.df = "kenward-roger"))
    }
    if (k == 1) {
      plain <- quietly(lme4::lmer(model_of("y0"), d))
      # 4: the SD of wave by area, after those of schools, areas and the correlation
      quietly(confint(profile(plain, which = 4L)))
      for (area in levels(d$area)) quietly(lme4::lmer(model_of("y0"), d[d$area != area, ]))
      quietly(lme4::bootMer(plain, fixef, nsim = 200, seed = 1))
    }
  }
}

cat(sprintf("versions\tR %s, lme4 %s, lmerTest %s, pbkrtest %s, emmeans %s\n", getRversion(), packageVersion("lme4"),
            packageVersion("lmerTest"), packageVersion("pbkrtest"), packageVersion("emmeans")))
for (name in c("pilot", "boundary")) {
  d <- data_of(name)
  for (i in 1:15) fit <- seconds(name, quietly(lme4::lmer(model_of("y"), d)))
  cat(sprintf("criterion %s\t%.9f\n", name, REMLcrit(fit)))
}
fit <- quietly(lme4::lmer(model_of("y"), data_of("pilot")))
seconds("bootstrap", quietly(lme4::bootMer(fit, fixef, nsim = 1000, seed = 1)))
for (i in 1:5) {
  seconds("kr pilot scripted", kr_each(fit))
  seconds("kr pilot once", kr_once(fit))
}
middle <- quietly(lme4::lmer(model_of("y"), data_of("middle")))
for (i in 1:2) seconds("kr middle once", kr_once(middle))
d <- data_of("large")
for (i in 1:3) fit <- seconds("large", quietly(lme4::lmer(model_of("y"), d)))
cat(sprintf("criterion large\t%.9f\n", REMLcrit(fit)))
d <- data_of("national")
for (i in 1:3) fit <- seconds("national", quietly(lme4::lmer(model_of("y"), d)))
cat(sprintf("criterion national\t%.9f\n", REMLcrit(fit)))
d <- data_of("evening")
for (i in 1:2) {
  seconds("evening scripted", evening(d, 8, FALSE))
  seconds("evening once", evening(d, 8, TRUE))
}
d <- data_of("evening10")
seconds("evening10 scripted", evening(d, 8, FALSE))
seconds("evening10 once", evening(d, 8, TRUE))
