// What the board uses of Apache ECharts, and nothing else: everything imported
// here is in the bundle.
export { init, use } from "echarts/core";
import { use, version } from "echarts/core";
import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([CanvasRenderer, CustomChart, DataZoomInsideComponent, GridComponent, LineChart, ScatterChart, TooltipComponent]);

export { version };
