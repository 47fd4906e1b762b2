# R's tests of the overall change in each data set of the anchor cell: lmerTest's Satterthwaite, pbkrtest's Kenward-Roger.
# Rscript mixed_simulation.R DATA.csv ANSWERS.csv FORMULA; DATA has the design and outcomes y0, y1, ...; FORMULA is of `y`.
suppressPackageStartupMessages({
  library(lmerTest)
  library(pbkrtest)
})
given <- commandArgs(trailingOnly = TRUE)
data <- read.csv(given[1])
formula <- as.formula(given[3])
outcomes <- grep("^y[0-9]+$", names(data), value = TRUE)

answers <- lapply(outcomes, function(outcome) {
  data$y <- data[[outcome]]
  fit <- suppressWarnings(suppressMessages(lmer(formula, data)))
  satterthwaite <- coef(summary(fit))["wave", ]
  kr <- coef(summary(fit, ddf = "Kenward-Roger"))["wave", ]
  data.frame(
    k = as.integer(sub("^y", "", outcome)),
    criterion = REMLcrit(fit),
    singular = isSingular(fit),
    satterthwaite_p = satterthwaite[["Pr(>|t|)"]],
    satterthwaite_df = satterthwaite[["df"]],
    kr_p = kr[["Pr(>|t|)"]],
    kr_df = kr[["df"]],
    kr_se = kr[["Std. Error"]]
  )
})
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(name) as.character(packageVersion(name)))
answers <- do.call(rbind, answers)
answers$versions <- paste(c("R", names(versions)), c(as.character(getRversion()), versions), collapse = "; ")
options(digits = 17)
write.csv(answers, given[2], row.names = FALSE, quote = FALSE)
