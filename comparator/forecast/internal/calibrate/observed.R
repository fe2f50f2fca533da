# Writes the observed series that the calibration is made on, from data sets that
# come with Debian 12's packages (none of them is kept in this project):
#   apt-get install r-base-core r-cran-aer r-cran-plm r-cran-collapse r-cran-tseries r-cran-urca r-cran-forecast \
#     r-cran-mfilter r-cran-strucchange r-cran-lmtest r-cran-sandwich r-cran-mass r-cran-boot r-cran-ggplot2 r-cran-quantreg gretl-data
#   Rscript observed.R observed.tsv && go run . -observed observed.tsv -out ../../calibration.json
# Columns: source, group (series that move together), name, values a year, values.
# What is kept of a series is its longest run without a missing value.
args <- commandArgs(TRUE)
out <- file(args[1], "w")
seen <- character(0)

line <- function(source, group, name, f, x) {
  text <- paste(formatC(x, digits = 8, format = "g", width = 1), collapse = " ")
  if (length(x) < 12 || length(unique(x)) < 4 || text %in% seen) return(invisible())
  if (length(x) > 2 && max(abs(diff(diff(x)))) < 1e-9 * max(abs(x))) return(invisible()) # a clock, not a figure
  seen <<- c(seen, text)
  writeLines(paste(source, group, gsub("[\t ]", "_", name), f, text, sep = "\t"), out)
}

# put writes a series and, of a finer one, its quarterly and yearly means.
put <- function(source, group, name, f, x) {
  x <- as.numeric(x)
  runs <- rle(!is.na(x) & is.finite(x))
  if (!any(runs$values)) return(invisible())
  k <- which(runs$values)[which.max(runs$lengths[runs$values])]
  from <- sum(runs$lengths[seq_len(k - 1)]) + 1
  x <- x[from:(from + runs$lengths[k] - 1)]
  line(source, group, name, f, x)
  for (to in c(4, 1)) if (f > to) {
    k <- f / to
    n <- length(x) %/% k
    if (n >= 12) line(source, group, paste0(name, ".mean", to), to, colMeans(matrix(tail(x, n * k), k)))
  }
}

# The time series objects of R's packages. Left out: natural history, prices of a
# day numbered as years, and what stands in another set already.
skip <- c("treering", "camp", "WWWusage", "EuStockMarkets", "lh", "manaus", "beaver", "taylor", "DJFranses",
  "BJsales", "BJsales.lead", "sunspots", "gold", "MarkDollar", "MarkPound", "wool", "freeny.y", "Longley")
for (p in c("AER", "MASS", "boot", "datasets", "forecast", "lmtest", "mFilter", "sandwich", "strucchange", "tseries", "urca")) {
  items <- sub(" .*", "", data(package = p)$results[, "Item"])
  for (item in items) {
    e <- new.env()
    try(suppressWarnings(data(list = item, package = p, envir = e)), silent = TRUE)
    for (o in sort(ls(e))) {
      x <- get(o, e)
      if (!is.ts(x) || o %in% skip || !(frequency(x) %in% c(1, 4, 12))) next
      m <- as.matrix(x)
      for (j in seq_len(ncol(m))) put("r", paste0("r-", o), paste(o, if (is.null(colnames(m))) j else colnames(m)[j], sep = "."), frequency(x), m[, j])
    }
  }
}

# Panels: a series for each unit and variable.
panel <- function(source, package, item, id, time, vars, f = 1) {
  e <- new.env()
  data(list = item, package = package, envir = e)
  d <- as.data.frame(get(item, e))
  for (b in split(d, interaction(d[id], drop = TRUE))) {
    b <- b[order(b[[time]]), ]
    unit <- paste(sapply(b[1, id, drop = FALSE], as.character), collapse = ".")
    for (v in vars) put(source, paste0(item, "-", b[[id[1]]][1]), paste(item, unit, v, sep = "."), f, b[[v]])
  }
}
panel("ggdc", "collapse", "GGDC10S", c("Country", "Variable"), "Year", c("AGR", "MIN", "MAN", "PU", "CON", "WRT", "TRA", "FIRE", "GOV", "OTH", "SUM"))
panel("wdi", "collapse", "wlddev", "iso3c", "year", c("PCGDP", "LIFEEX", "ODA", "POP"))
panel("panel", "AER", "OECDGas", "country", "year", c("gas", "income", "price", "cars"))
panel("panel", "plm", "Produc", "state", "year", c("pcap", "hwy", "water", "pc", "gsp", "emp", "unemp"))
panel("panel", "plm", "Cigar", "state", "year", c("price", "pop", "sales"))
panel("panel", "AER", "USSeatBelts", "state", "year", c("miles", "fatalities", "income"))
panel("panel", "AER", "Guns", "state", "year", c("violent", "murder", "robbery", "prisoners", "population", "income"))
panel("panel", "AER", "NaturalGas", "state", "year", c("consumption", "price", "eprice", "oprice"))
panel("panel", "AER", "Grunfeld", "firm", "year", c("invest", "value", "capital"))
panel("panel", "plm", "SumHes", "country", "year", c("pop", "gdp", "sr"))
panel("panel", "AER", "USAirlines", "firm", "year", c("output", "cost", "price"))
panel("panel", "ggplot2", "txhousing", "city", "date", c("sales", "volume", "median", "listings"), 12)
panel("panel", "plm", "Parity", "country", "time", c("ls", "lp"), 4)

# gretl's data base of the Federal Reserve Bank of St. Louis, up to 2019: the year
# after hit all series at once, and would count once for each.
index <- readLines("/usr/share/gretl/db/fedstl.idx", encoding = "latin1")
index <- index[!grepl("^#", index) & nzchar(index)]
bin <- file("/usr/share/gretl/db/fedstl.bin", "rb")
for (i in seq(1, length(index), 2)) {
  name <- sub(" .*", "", index[i])
  what <- regmatches(index[i + 1], regexec("^(\\w)\\s+(\\d{4})(\\.(\\d+))?.* n = (\\d+)", index[i + 1]))[[1]]
  x <- readBin(bin, "numeric", as.integer(what[6]), size = 4, endian = "little")
  f <- c(A = 1, Q = 4, M = 12)[what[2]]
  # Employees by industry are a set that backtest is tested on.
  if (is.na(f) || grepl("All Employees,", index[i])) next
  x[abs(x + 999) < .1] <- NA
  first <- if (what[5] == "") 1 else as.integer(what[5])
  put("fred", paste0("fred-", substr(name, 1, 2)), name, f, head(x, max(0, (2020 - as.integer(what[3])) * f - first + 1)))
}
close(bin)

# gretl's sample files. Left out: older editions of one set, and what stands above.
skip <- "AWM17|AWM\\.gdt|djclose|arma|data10-4|longley|klein|nysewk|/np\\.gdt|denmark"
for (name in sort(Sys.glob("/usr/share/gretl/data/*/*.gdt"))) {
  text <- paste(readLines(gzfile(name), warn = FALSE), collapse = "\n")
  head <- regmatches(text, regexpr("<gretldata[^>]*>", text))
  f <- as.integer(sub(".*frequency=\"(\\d+)\".*", "\\1", head))
  if (grepl(skip, name) || !grepl("type=\"time-series\"", head) || !(f %in% c(1, 4, 12))) next
  vars <- sub(".*name=\"([^\"]*)\".*", "\\1", regmatches(text, gregexpr("<variable[^s][^>]*>", text))[[1]])
  rows <- gsub("<[^>]*>", "", regmatches(text, gregexpr("<obs[ >][^<]*</obs>", text))[[1]])
  m <- suppressWarnings(do.call(rbind, lapply(strsplit(trimws(rows), "\\s+"), as.numeric)))
  if (is.null(m) || ncol(m) != length(vars)) next
  for (j in seq_along(vars)) {
    if (length(unique(m[, j])) < nrow(m) / 4) next # marks, not figures
    put("gretl", paste0("gretl-", sub("\\.gdt$", "", basename(name))), vars[j], f, m[, j])
  }
}

# Daily figures, each set a source of its own since there are few, and their means
# of ten days.
daily <- function(name, x) {
  x <- as.numeric(x)
  x <- x[!is.na(x)]
  n <- length(x) %/% 10
  source <- sub("\\..*", "", name)
  line(source, source, name, 365, x)
  line(source, source, paste0(name, ".mean10"), 36, colMeans(matrix(tail(x, 10 * n), 10)))
}
for (what in list(c("tseries", "tcmd"), c("tseries", "ice.river"), c("datasets", "EuStockMarkets"), c("datasets", "airquality"), c("quantreg", "MelTemp"))) {
  e <- new.env()
  data(list = what[2], package = what[1], envir = e)
  m <- as.matrix(get(what[2], e))
  for (j in setdiff(seq_len(ncol(m)), which(colnames(m) %in% c("Month", "Day")))) daily(paste0(sub("\\.", "-", what[2]), ".", j), m[, j])
}
for (name in c("bikesharing", "djclose")) {
  text <- paste(readLines(gzfile(paste0("/usr/share/gretl/data/misc/", name, ".gdt")), warn = FALSE), collapse = "\n")
  rows <- gsub("<[^>]*>", "", regmatches(text, gregexpr("<obs[ >][^<]*</obs>", text))[[1]])
  m <- suppressWarnings(do.call(rbind, lapply(strsplit(trimws(rows), "\\s+"), as.numeric)))
  for (j in seq_len(ncol(m))) if (length(unique(m[, j])) > nrow(m) / 4) daily(paste0(name, ".", j), m[, j])
}
close(out)
