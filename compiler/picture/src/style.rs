//! How a picture looks, on light and on dark ground.

/// The style sheet of every picture.
pub(crate) const STYLE: &str = "\
svg { background: #ffffff; color-scheme: light dark; }
text { font-family: ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif; fill: #1f2328; }
.ground { fill: #ffffff; }
.title { font-size: 18px; font-weight: 600; }
.small { font-size: 11px; fill: #59636e; }
.name { font-size: 13px; font-weight: 600; }
.port { font-size: 11px; }
.frame rect { fill: #f6f8fa; stroke: #d1d9e0; }
.head { paint-order: stroke; stroke: #f6f8fa; stroke-width: 5px; stroke-linejoin: round; }
.box rect { fill: #ffffff; stroke: #818b98; }
.outside rect { fill: #fff8e5; stroke: #bf8700; }
.line { stroke: #d1d9e0; }
.dot { fill: #0969da; }
.badge { font-size: 11px; font-weight: 600; fill: #59636e; }
.flow, .use { fill: none; }
.flow { stroke: #0969da; stroke-width: 1.6; }
.use { stroke: #9aa4ae; stroke-width: 1.2; stroke-dasharray: 4 3; }
.flow-head { fill: #0969da; }
.use-head { fill: #9aa4ae; }
.arrow:hover .flow, .arrow:hover .use { stroke-width: 3; }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; }
text { fill: #f0f6fc; }
.ground { fill: #0d1117; }
.small, .badge { fill: #9198a1; }
.frame rect { fill: #151b23; stroke: #3d444d; }
.head { stroke: #151b23; }
.box rect { fill: #0d1117; stroke: #656c76; }
.outside rect { fill: #272115; stroke: #d29922; }
.line { stroke: #3d444d; }
.flow { stroke: #4493f8; }
.use { stroke: #656c76; }
.dot, .flow-head { fill: #4493f8; }
.use-head { fill: #656c76; }
}
";
