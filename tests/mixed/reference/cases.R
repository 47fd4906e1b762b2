# What is fitted: data by name (an expression that makes them), then one call per case.

first <- function(x, n) x %in% head(unique(x), n)

# Pupils' language scores at two times, one row each.
before_and_after <- function(pupils) {
  wave <- function(name, score) {
    data.frame(
      school = as.character(pupils$schoolNR), pupil = as.character(pupils$pupilNR), wave = name, score = score,
      iq = pupils$IQ.verb, ses = pupils$ses, sex = as.character(pupils$sex), before = pupils$langPRET
    )
  }
  rbind(wave("1 before", pupils$langPRET), wave("2 after", pupils$langPOST))
}

datasets <- list(
  # as packages ship them
  sleepstudy = quote(lme4::sleepstudy),
  dyestuff = quote(lme4::Dyestuff),
  dyestuff2 = quote(lme4::Dyestuff2),
  pastes = quote(lme4::Pastes[c("strength", "batch", "cask")]),
  penicillin = quote(lme4::Penicillin),
  cake = quote(lme4::cake[c("replicate", "recipe", "temp", "angle")]),
  cbpp = quote(lme4::cbpp),
  grouseticks = quote(lme4::grouseticks[c("TICKS", "BROOD", "LOCATION", "YEAR", "cHEIGHT")]),
  verbagg = quote(subset(lme4::VerbAgg, first(id, 40), c("r2", "Anger", "Gender", "btype", "situ", "id", "item"))),
  orthodont = quote(as.data.frame(nlme::Orthodont)),
  machines = quote(as.data.frame(nlme::Machines)),
  oats = quote(as.data.frame(nlme::Oats)),
  rats = quote(as.data.frame(nlme::RatPupWeight)),
  tv = quote(lmerTest::TVbo[c("Assessor", "TVset", "Picture", "Repeat", "Sharpness")]),
  carrots = quote(subset(lmerTest::carrots, first(Consumer, 40), c("Consumer", "Product", "Preference", "sens1", "sens2"))),
  hsb82 = quote(subset(mlmRev::Hsb82, first(school, 20), c("school", "mAch", "cses", "sector", "minrty"))),
  exam = quote(subset(mlmRev::Exam, first(school, 12), c("school", "normexam", "standLRT", "sex", "schgend"))),
  egsingle = quote(subset(mlmRev::egsingle, first(schoolid, 9), c("schoolid", "childid", "year", "math", "female"))),
  early = quote(mlmRev::Early),
  language = quote(before_and_after(subset(nlme::bdf, first(schoolNR, 25)))),
  contraception = quote(subset(mlmRev::Contraception, first(district, 20), -woman)),
  bacteria = quote(MASS::bacteria[c("y", "week", "ID", "trt")]),
  epil = quote(MASS::epil[c("y", "trt", "lbase", "lage", "V4", "subject")]),
  feedlot = quote(emmeans::feedlot),
  wine = quote(ordinal::wine[c("rating", "temp", "contact", "judge", "bottle")]),
  soup = quote(subset(ordinal::soup, first(RESP, 60), c("RESP", "PROD", "DAY", "SURENESS"))),
  # made by made_data.R
  pilot2 = quote(pilot(seed = 11)),
  pilot2_heavy = quote(transform(pilot(seed = 11), w = 4 * w)),
  pilot4 = quote(pilot(seed = 12, areas = 8, people = 3, waves = 4)),
  larger = quote(pilot(seed = 13, areas = 22, schools = 5)),
  movers = quote(pilot(seed = 14, waves = 3, movers = 0.25)),
  flat = quote(pilot(seed = 15, sd = c(area = 0.3, slope = 0, school = 0.3, person = 0.5, error = 1))),
  calendar = quote(calendar(seed = 16)),
  gaps = quote(gaps(seed = 17)),
  few = quote(transform(pilot(seed = 19, areas = 4), kind = c("a", "b", "c", "a")[as.integer(substring(area, 2))])),
  items = quote(items(seed = 18)),
  # seeds found by search: from its own start lme4 ends at an optimum that is not the best
  two_optima = quote(pilot(seed = 117, areas = 6, schools = 2, people = 4, waves = 3, sd = small)),
  three_optima = quote(pilot(seed = 126, areas = 6, schools = 2, people = 4, waves = 3, sd = small))
)

small <- c(area = 0.3, slope = 0.15, school = 0.15, person = 0.3, error = 0.8)
by_wave <- list(by = c("wave", "group"), within = "group", at = list(wave = c(0, 1)))
trend_by_group <- list(var = "wave", by = "group", within = character())
pilot_formula <- "y ~ wave * group + sex + age + (wave | area) + (1 | school) + (1 | resp)"

make_cases <- function() {
  # --- linear: data of packages --------------------------------------------------------------------------------
  linear("sleepstudy", "sleepstudy", "Reaction ~ Days + (Days | Subject)", profile = TRUE,
         means = list(list(by = "Days", at = list(Days = c(0, 4, 9)))))
  linear("sleepstudy_ml", "sleepstudy", "Reaction ~ Days + (Days | Subject)", reml = FALSE)
  linear("sleepstudy_uncorrelated", "sleepstudy", "Reaction ~ Days + (Days || Subject)", profile = TRUE)
  linear("dyestuff", "dyestuff", "Yield ~ 1 + (1 | Batch)", profile = TRUE)
  linear("dyestuff2_singular", "dyestuff2", "Yield ~ 1 + (1 | Batch)")
  linear("pastes_nested", "pastes", "strength ~ 1 + (1 | batch/cask)", profile = TRUE)
  linear("penicillin_crossed", "penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", profile = TRUE)
  linear("cake_split_plot", "cake", "angle ~ recipe * factor(temp) + (1 | recipe:replicate)",
         means = list(list(by = c("recipe", "temp"), within = "temp"), list(by = "recipe")))
  linear("orthodont", "orthodont", "distance ~ age * Sex + (age | Subject)",
         means = list(list(by = c("age", "Sex"), within = "Sex", at = list(age = c(8, 14)))),
         trends = list(list(var = "age", by = "Sex")))
  linear("machines_factor_slopes", "machines", "score ~ Machine + (Machine | Worker)", means = list(list(by = "Machine")))
  linear("machines_no_intercept", "machines", "score ~ 0 + Machine + (0 + Machine | Worker)")
  linear("machines_interaction", "machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)")
  linear("oats_split_plot", "oats", "yield ~ factor(nitro) * Variety + (1 | Block/Variety)",
         means = list(list(by = "nitro"), list(by = "Variety"), list(by = c("nitro", "Variety"), within = "nitro")))
  linear("oats_polynomial", "oats", "yield ~ nitro + I(nitro^2) + Variety + (1 | Block/Variety)",
         means = list(list(by = "nitro", at = list(nitro = c(0, 0.3, 0.6)))))
  linear("rats_unbalanced", "rats", "weight ~ Treatment * sex + Lsize + (1 | Litter)",
         means = list(list(by = c("Treatment", "sex"), within = character()),
                      list(by = "Treatment", weights = "proportional"), list(by = "Treatment", weights = "cells")))
  linear("tv_crossed", "tv", "Sharpness ~ TVset * Picture + (1 | Assessor) + (1 | Assessor:TVset)",
         means = list(list(by = "TVset"), list(by = c("TVset", "Picture"), within = "Picture")))
  linear("carrots_two_slopes", "carrots", "Preference ~ sens1 + sens2 + (1 + sens1 + sens2 | Consumer) + (1 | Product)")
  linear("hsb82", "hsb82", "mAch ~ cses * sector + minrty + (cses | school)", trends = list(list(var = "cses", by = "sector")))
  linear("exam", "exam", "normexam ~ standLRT + sex + schgend + (standLRT | school)", means = list(list(by = "schgend")))
  linear("egsingle_growth", "egsingle", "math ~ year * female + (year | schoolid) + (1 | childid)", kr = FALSE)
  linear("early", "early", "cog ~ I(age - 1) * trt + (1 | id)")
  linear("language_change", "language", "score ~ wave * iq + sex + ses + (wave | school) + (1 | pupil)", kr = FALSE,
         means = list(list(by = "wave")))
  linear("language_ancova", "language", "score ~ wave + before + iq + sex + (1 | school)", reml = FALSE)
  linear("feedlot_empty_cells", "feedlot", "swt ~ diet + (1 | herd)", means = list(list(by = "diet")))

  # --- linear: made data ---------------------------------------------------------------------------------------
  linear("pilot2", "pilot2", pilot_formula, means = list(by_wave), trends = list(trend_by_group))
  linear("pilot2_ml", "pilot2", pilot_formula, reml = FALSE, means = list(by_wave))
  linear("pilot2_weights", "pilot2", pilot_formula, weights = "w", means = list(by_wave))
  linear("pilot2_weights_times_four", "pilot2_heavy", pilot_formula, weights = "w")
  linear("pilot2_offset", "pilot2", "y ~ wave + group + offset(0.05 * age) + (wave | area) + (1 | resp)",
         means = list(list(by = "group")))
  linear("pilot2_three_way", "pilot2", "y ~ factor(wave) * group * role + (1 | area) + (1 | school) + (1 | resp)",
         means = list(list(by = c("wave", "group"), within = "group"), list(by = c("role", "group"), within = "group"),
                      list(by = "role", weights = "proportional"), list(by = "role", weights = "cells")))
  linear("pilot2_nested_labels", "pilot2", "y ~ wave + role + (1 | area/site) + (1 | resp)", means = list(list(by = "role")))
  linear("pilot2_transformed", "pilot2", "y ~ wave + scale(age) + log(hours) + group:wave + (1 | school) + (1 | resp)")
  linear("pilot2_no_main_effect", "pilot2", "y ~ role + role:sex + wave:age + wave * group + (1 | school) + (1 | resp)")
  linear("pilot2_no_intercept", "pilot2", "y ~ 0 + role * sex + wave + (wave | area) + (1 | resp)",
         means = list(list(by = c("role", "sex"), within = "sex"), list(by = "sex", weights = "proportional"),
                      list(by = "role", weights = "cells")))
  linear("pilot2_cell_means", "pilot2", "y ~ 0 + group + group:wave + (1 | area) + (0 + wave | area) + (1 | resp)")
  linear("pilot4", "pilot4", "y ~ factor(wave) * group + (wave | area) + (1 | school) + (1 | resp)",
         means = list(list(by = c("wave", "group"), within = "group"), list(by = c("wave", "group"), within = "wave")))
  linear("pilot4_slopes", "pilot4", "y ~ wave * group + (wave | area) + (wave | school) + (1 | resp)",
         means = list(by_wave), trends = list(trend_by_group))
  linear("pilot4_uncorrelated", "pilot4", "y ~ wave * group + age + (wave || area) + (wave || resp)",
         trends = list(trend_by_group))
  linear("pilot4_quadratic", "pilot4", "y ~ wave + I(wave^2) + group + (wave + I(wave^2) || area) + (1 | resp)", reml = FALSE)
  linear("pilot4_factor_slopes", "pilot4", "y ~ factor(wave) + (0 + factor(wave) | area) + (1 | resp)", reml = FALSE)
  linear("larger", "larger", "y ~ wave * group * role + sex + age + (wave | area) + (1 | school) + (1 | resp)", kr = FALSE,
         means = list(list(by = c("wave", "role"), within = "role", at = list(wave = c(0, 1)))),
         trends = list(list(var = "wave", by = c("group", "role"), within = "group")))
  linear("movers", "movers", pilot_formula, means = list(by_wave), trends = list(trend_by_group))
  linear("movers_slopes", "movers", "y ~ wave * role + (1 | area) + (wave | school) + (1 | resp)", reml = FALSE)
  linear("flat_singular", "flat", pilot_formula, means = list(by_wave))
  linear("few_areas", "few", "y ~ kind + wave + (1 | area) + (1 | resp)", means = list(list(by = "kind")))
  linear("gaps", "gaps", "y ~ months * group + age + (months | area) + (1 | school)", means = list(
    list(by = c("months", "group"), within = "group", at = list(months = c(0, 6)))),
    trends = list(list(var = "months", by = "group")))
  linear("gaps_rank_deficient", "gaps", "y ~ wave + group * role + months + (1 | area) + (1 | resp)")
  linear("calendar", "calendar", "y ~ year * group + income + (year | area) + (1 | resp)", origin = c(year = 2017.5),
         fixed = c("year", "year:grouptreat", "income"), means = list(
           list(by = c("year", "group"), within = "group", at = list(year = c(2016, 2019)))),
         trends = list(list(var = "year", by = "group")))
  linear("two_optima", "two_optima", "y ~ wave + (wave | area) + (wave | school)")
  linear("three_optima", "three_optima", "y ~ wave + (wave | area) + (wave | school)")

  # --- generalised ---------------------------------------------------------------------------------------------
  general("cbpp", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial",
          means = list(list(by = "period")))
  general("cbpp_quadrature", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial", n_agq = 9)
  general("bacteria", "bacteria", "y ~ trt * week + (1 | ID)", "binomial", means = list(list(by = "trt")))
  general("bacteria_quadrature", "bacteria", "y ~ trt + week + (1 | ID)", "binomial", n_agq = 7)
  general("contraception", "contraception", "use ~ age + I(age^2) + urban + livch + (urban | district)", "binomial",
          means = list(list(by = "livch")))
  general("verbagg_crossed", "verbagg", "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", "binomial",
          means = list(list(by = "btype")))
  general("items_crossed", "items", "right ~ group * load + (load | person) + (1 | item)", "binomial",
          trends = list(list(var = "load", by = "group")))
  general("pilot2_binary", "pilot2", "hit ~ wave * group + (1 | area) + (1 | resp)", "binomial", means = list(by_wave))
  general("pilot4_binary_slopes", "pilot4", "hit ~ wave * group + sex + (wave | area) + (1 | resp)", "binomial",
          means = list(by_wave))
  general("pilot4_counts", "pilot4", "visits ~ factor(wave) + group + offset(log(hours)) + (1 | area) + (1 | school) + (1 | resp)",
          "poisson", means = list(list(by = "wave")))
  general("movers_counts", "movers", "visits ~ wave * group + offset(log(hours)) + (wave | area) + (1 | resp)", "poisson")
  general("epil", "epil", "y ~ lbase * trt + lage + V4 + (1 | subject)", "poisson", means = list(list(by = "trt")))
  general("epil_quadrature", "epil", "y ~ lbase * trt + lage + V4 + (1 | subject)", "poisson", n_agq = 5)
  general("grouseticks", "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", "poisson",
          means = list(list(by = "YEAR")))
  negative_binomial("epil_nb", "epil", "y ~ lbase * trt + lage + V4 + (1 | subject)")
  negative_binomial("grouseticks_nb", "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | LOCATION)")
  negative_binomial("pilot4_calls_nb", "pilot4", "calls ~ wave * group + offset(log(hours)) + (1 | area) + (1 | resp)")

  # --- ordered -------------------------------------------------------------------------------------------------
  ordered_logit("wine", "wine", "rating ~ temp + contact + (1 | judge)")
  ordered_logit("wine_interaction", "wine", "rating ~ temp * contact + (1 | judge)")
  ordered_logit("wine_quadrature", "wine", "rating ~ temp + contact + (1 | judge)", n_agq = 5)
  ordered_logit("soup", "soup", "SURENESS ~ PROD * DAY + (1 | RESP)")
  ordered_logit("soup_slopes", "soup", "SURENESS ~ PROD + DAY + (PROD | RESP)")
  ordered_logit("pilot4_rating", "pilot4", "rating ~ wave * group + sex + (1 | area) + (1 | school)")
  ordered_logit("movers_rating", "movers", "rating ~ wave + group + age + (1 | area) + (1 | resp)")

  # --- nested fits ---------------------------------------------------------------------------------------------
  nested("random_slope", "pilot4", "y ~ wave * group + (1 | area) + (1 | resp)", "y ~ wave * group + (wave | area) + (1 | resp)",
         mixture = c(0.5, 0.5), df = c(1, 2))
  nested("random_intercept", "pilot2", "y ~ wave * group + (1 | resp)", "y ~ wave * group + (1 | area) + (1 | resp)",
         mixture = c(0.5, 0.5), df = c(0, 1))
  nested("uncorrelated_slope", "sleepstudy", "Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days || Subject)",
         mixture = c(0.5, 0.5), df = c(0, 1))
  nested("fixed_terms", "pilot2", "y ~ wave + group + (1 | area) + (1 | resp)", "y ~ wave * group * role + (1 | area) + (1 | resp)",
         mixture = 1, df = 9)
}
