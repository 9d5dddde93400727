# The long exports as R reads them, compared with the records: Rscript read.R RECORDS.jsonl DIR
library(jsonlite)
args <- commandArgs(trailingOnly = TRUE)
records <- lapply(readLines(args[1]), fromJSON, simplifyVector = FALSE)
table <- function(what) read.csv(file.path(args[2], paste0(what, ".csv")), check.names = FALSE, colClasses = c(id = "character"))
number <- function(v) if (is.null(v)) NA else as.numeric(v)
same <- function(what, got, want) {
  if (length(got) != length(want) || any(is.na(got) != is.na(want)) || any(abs(got - want) > 1e-14 * abs(want), na.rm = TRUE))
    stop(what, " has other numbers than the records")
  cat(what, length(got), "numbers are the records'\n")
}

by_id <- setNames(records, sapply(records, function(r) r$id))

epochs <- table("epochs")
records_epochs <- do.call(rbind, lapply(records, function(r) do.call(rbind, lapply(r$epochs, function(e)
  data.frame(id = r$id, epoch = e$epoch, loss = number(e$train_loss), error = number(e$val_error))))))
both <- merge(epochs, records_epochs, by = c("id", "epoch"))
stopifnot(nrow(both) == nrow(epochs), nrow(both) == nrow(records_epochs))
same("epochs", c(both$train_loss, both$val_error), c(both$loss, both$error))

measures <- table("measures")
same("measures", measures$value, mapply(function(id, column) number(by_id[[id]]$values[[column]]), measures$id, measures$column, USE.NAMES = FALSE))
msharp <- subset(measures, measure == "msharp")
stopifnot(is.numeric(msharp$m), is.numeric(msharp$rho), length(unique(msharp$m)) > 1)

watch <- table("watch")
same("watch", watch$value, mapply(function(id, column, at) {
  w <- by_id[[id]]$watch
  number(w$values[[column]][[which(unlist(w$at) == at)]])
}, watch$id, watch$column, watch$at, USE.NAMES = FALSE))
stopifnot(nrow(watch) == sum(sapply(records, function(r) sum(lengths(r$watch$values)))))
