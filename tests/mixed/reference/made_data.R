# Surveys that are made here: areas > schools > people, asked at two or four waves. A seed fixes every draw.

# Linear predictor of one survey: `sd` are standard deviations by area (start and slope), school and person.
pilot <- function(seed, areas = 9, schools = 3, people = 5, waves = 2, movers = 0, missing = 0.15,
                  sd = c(area = 0.5, slope = 0.3, school = 0.4, person = 0.6, error = 0.7)) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  start <- rnorm(areas, 0, sd[["area"]])
  slope <- 0.3 * start + rnorm(areas, 0, sd[["slope"]])
  building <- matrix(rnorm(areas * schools, 0, sd[["school"]]), areas)
  person <- expand.grid(p = seq_len(people), s = seq_len(schools), a = seq_len(areas))
  n <- nrow(person)
  person$id <- sprintf("R%03d", seq_len(n))
  person$own <- rnorm(n, 0, sd[["person"]])
  person$sex <- sample(c("f", "m"), n, TRUE)
  person$role <- sample(c("lead", "staff", "support"), n, TRUE, c(0.25, 0.5, 0.25))
  person$age <- 10 + round(rgamma(n, 2, 0.5), 1)
  person$moves <- runif(n) < movers
  rows <- do.call(rbind, lapply(seq_len(waves) - 1, function(w) cbind(person, wave = w)))
  gone <- rows$moves & rows$wave >= waves / 2
  rows$a[gone] <- sample(areas, sum(gone), TRUE)
  rows$s[gone] <- sample(schools, sum(gone), TRUE)
  group <- ifelse(rows$a %% 2 == 0, "treat", "ctrl")
  rise <- 0.2 + 0.3 * (group == "treat") + 0.15 * (rows$role == "lead") + slope[rows$a]
  eta <- start[rows$a] + building[cbind(rows$a, rows$s)] + rows$own + rise * rows$wave + 0.02 * (rows$age - 14)
  made <- data.frame(
    area = sprintf("A%02d", rows$a), school = sprintf("S%02d-%d", rows$a, rows$s), site = letters[rows$s],
    resp = rows$id, wave = rows$wave, group = group, role = rows$role, sex = rows$sex, age = rows$age,
    y = round(3 + eta + rnorm(nrow(rows), 0, sd[["error"]]), 3),
    w = sample(c(0.5, 1, 1.5, 2.5), nrow(rows), TRUE),
    hours = sample(1:6, nrow(rows), TRUE)
  )
  made$hit <- rbinom(nrow(rows), 1, plogis(eta))
  made$visits <- rpois(nrow(rows), made$hours * exp(0.5 * eta - 0.8))
  made$calls <- rnbinom(nrow(rows), mu = made$hours * exp(0.5 * eta - 0.8), size = 1.5)
  made$rating <- findInterval(eta + rlogis(nrow(rows)), c(-1.5, -0.3, 0.8, 2.2)) + 1
  made <- made[runif(nrow(rows)) >= missing, ]
  made[order(made$area, made$school, made$resp, made$wave), ]
}

# The same survey with a year for a wave and an income in the tens of thousands.
calendar <- function(seed) {
  made <- pilot(seed, waves = 4, people = 3)
  made$year <- 2016 + made$wave
  made$income <- round(31000 + 2500 * made$age + rnorm(nrow(made), 0, 4000))
  made
}

# One role is not found among those treated, ages and answers are missing here and there, schools differ in size.
gaps <- function(seed) {
  made <- pilot(seed, areas = 10, missing = 0.35)
  made <- made[!(made$group == "treat" & made$role == "support"), ]
  made$months <- 6 * made$wave
  made$age[sample(nrow(made), 8)] <- NA
  made$y[sample(nrow(made), 8)] <- NA
  made
}

# Items answered by everyone: two crossed factors.
items <- function(seed, people = 40, items = 12) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  made <- expand.grid(item = seq_len(items), person = seq_len(people))
  group <- ifelse(seq_len(people) %% 2 == 0, "treat", "ctrl")
  made$group <- group[made$person]
  made$load <- round(rnorm(nrow(made)), 2)
  ability <- rnorm(people, 0, 0.9)[made$person]
  eta <- 0.4 * (made$group == "treat") + 0.5 * made$load + ability - rnorm(items, 0, 0.7)[made$item]
  made$right <- rbinom(nrow(made), 1, plogis(eta))
  made$item <- sprintf("i%02d", made$item)
  made$person <- sprintf("p%02d", made$person)
  made
}
