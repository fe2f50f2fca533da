// Bundles the part of ECharts that the board uses into one file with its
// version and licences in front. `make assets` runs it after `npm ci`.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const of = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
const [echarts, zrender, tslib] = ["echarts", "zrender", "tslib"].map(of);
const lock = createHash("sha256").update(readFileSync(new URL("package-lock.json", import.meta.url))).digest("hex");
const source = createHash("sha256").update(readFileSync(new URL("index.js", import.meta.url))).digest("hex");

const banner = `/*! Apache ECharts ${echarts.version} (Apache-2.0, Copyright 2017-2026 The Apache Software Foundation), with
 * ZRender ${zrender.version} (BSD-3-Clause, Copyright (c) 2017, Baidu Inc.) and tslib ${tslib.version} (0BSD, Copyright (c) Microsoft Corporation).
 * A part of it, bundled by scripts/echarts; see NOTICE. lock sha256:${lock} source sha256:${source} */`;

const result = await build({
  entryPoints: [new URL("index.js", import.meta.url).pathname],
  bundle: true, minify: true, write: false, format: "iife", globalName: "echarts", target: "es2020",
  legalComments: "none", charset: "utf8", define: { "process.env.NODE_ENV": '"production"' }, banner: { js: banner },
});
const out = new URL("../../dashboards/web/assets/echarts.js", import.meta.url);
writeFileSync(out, result.outputFiles[0].contents);
writeFileSync(new URL("echarts.sha256", import.meta.url), createHash("sha256").update(result.outputFiles[0].contents).digest("hex") + "  echarts.js\n");
