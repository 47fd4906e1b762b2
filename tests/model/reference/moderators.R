# What lme4, lmerTest and pbkrtest say of answers.csv: run from anywhere with Rscript, after draw.py.
suppressPackageStartupMessages({library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
d <- read.csv(file.path(here, "answers.csv"))
d$wave <- factor(d$wave, c("before", "after"))
d$role <- factor(d$role, c("lead", "staff"))
tight <- lmerControl("bobyqa", optCtrl = list(rhobeg = 1e-3, rhoend = 1e-9, maxfun = 1e6))
random <- "(1 + wave | area) + (1 | organisation) + (1 | respondent)"
fit <- function(fixed) lmer(as.formula(paste("score ~", fixed, "+", random)), d, control = tight)
# a contrast by the names of its coefficients
row_of <- function(m, ...) {
  w <- c(...); l <- setNames(numeric(length(fixef(m))), names(fixef(m)))
  stopifnot(all(names(w) %in% names(l))); l[names(w)] <- w; l
}
one <- function(m, l) {
  t <- contest1D(m, l, ddf = "Kenward-Roger", confint = TRUE)
  list(estimate = t[["Estimate"]], se = t[["Std. Error"]], df = t[["df"]], low = t[["lower"]], high = t[["upper"]],
       p = t[["Pr(>|t|)"]])
}
all_of <- function(m, l) {
  t <- contestMD(m, l, ddf = "Kenward-Roger")
  list(f = t[["F value"]], num_df = t[["NumDF"]], df = t[["DenDF"]], p = t[["Pr(>F)"]])
}
change <- c(waveafter = 1, "waveafter:rolestaff" = 0.25)  # roles by shares 0.75 and 0.25

m <- fit("wave * role + wave * phase")
levels <- list(primary = row_of(m, change), secondary = row_of(m, change, "waveafter:phasesecondary" = 1),
               special = row_of(m, change, "waveafter:phasespecial" = 1))
joint <- rbind(row_of(m, "waveafter:phasesecondary" = 1), row_of(m, "waveafter:phasespecial" = 1))
phase <- list(levels = lapply(levels, function(l) one(m, l)), test = all_of(m, joint), singular = isSingular(m))

m <- fit("wave * role + wave * rating")
slope <- row_of(m, "waveafter:rating" = 1)
by_area <- unique(d[c("area", "rating")])
at <- function(x) one(m, row_of(m, change, "waveafter:rating" = x))
rating <- list(slope = one(m, slope), test = all_of(m, rbind(slope)), sd = sd(by_area$rating),
               below = at(mean(by_area$rating) - sd(by_area$rating)), singular = isSingular(m))

# Mundlak: the organisation's value at each wave, its mean over its waves, and what is left
each <- aggregate(contact ~ organisation + wave, d, mean)
mean_of <- tapply(each$contact, each$organisation, mean)
here_now <- setNames(each$contact, paste(each$organisation, each$wave))
d$between <- as.numeric(mean_of[d$organisation])
d$within <- as.numeric(here_now[paste(d$organisation, d$wave)]) - d$between
m <- fit("wave * role + within + between")
contact <- list(within = one(m, row_of(m, within = 1)), between = one(m, row_of(m, between = 1)),
                difference = one(m, row_of(m, between = 1, within = -1)), singular = isSingular(m))

versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) as.character(packageVersion(p)))
write_json(list(phase = phase, rating = rating, contact = contact, r = R.version.string, versions = as.list(versions)),
           file.path(here, "moderators.json"), auto_unbox = TRUE, digits = 12, pretty = TRUE)
