//! The speed-up as a picture.

use super::Outcome;
use crate::failure::Failure;
use plotters::coord::Shift;
use plotters::prelude::*;

const SIZE: (u32, u32) = (720, 480);
const FONT: &str = "sans-serif";
const MEASURED: RGBColor = RGBColor(0x1f, 0x77, 0xb4);
const LAW: RGBColor = RGBColor(0xd6, 0x27, 0x28);
const IDEAL: RGBColor = RGBColor(0x99, 0x99, 0x99);
/// How many straight pieces make a curve.
const PIECES: u32 = 100;

/// The picture as an SVG file.
pub fn svg(outcome: &Outcome) -> Result<String, Failure> {
    let mut picture = String::new();
    let area = SVGBackend::with_string(&mut picture, SIZE).into_drawing_area();
    let drawn =
        draw(&area, outcome).map_err(|error| Failure::Message(format!("error: cannot draw: {error}")));
    drop(area);
    drawn.map(|()| picture)
}

fn draw(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    outcome: &Outcome,
) -> Result<(), Box<dyn std::error::Error>> {
    let first = outcome.rows.first().map_or(1, |row| row.workers) as f64;
    let last = outcome.rows.last().map_or(1, |row| row.workers) as f64;
    let base = outcome.rows.first().map_or(1.0, |row| row.spread.median);
    let highest = outcome.rows.iter().map(|row| base / row.spread.lower).fold(last / first, f64::max);
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption(format!("Speed-up of {}", outcome.script), (FONT, 24))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d((first - 0.2)..(last + 0.2), 0.0..(highest * 1.05))?;
    chart
        .configure_mesh()
        .x_desc("workers")
        .y_desc(format!("times as fast as with {}", super::with_workers(first as usize)))
        .x_labels(outcome.rows.len().min(12) + 2)
        .x_label_formatter(&|x| if x.fract().abs() < 1e-9 { format!("{x:.0}") } else { String::new() })
        .light_line_style(WHITE)
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 17))
        .draw()?;

    let between = |piece: u32| first + (last - first) * f64::from(piece) / f64::from(PIECES);
    let line = |colour: RGBColor| move |(x, y)| PathElement::new(vec![(x, y), (x + 20, y)], colour);
    chart
        .draw_series(LineSeries::new([(first, 1.0), (last, last / first)], IDEAL))?
        .label("all of the work parallel")
        .legend(line(IDEAL));
    if let Some(fit) = outcome.fit {
        let curve = (0..=PIECES).map(between).map(|x| (x, base * fit.speed_up(x) / fit.time_of_one));
        chart
            .draw_series(LineSeries::new(curve, LAW))?
            .label(format!("Amdahl's law, {:.1} % serial", fit.serial_fraction * 100.0))
            .legend(line(LAW));
    }
    // The middle half of the runs.
    chart.draw_series(outcome.rows.iter().map(|row| {
        let x = row.workers as f64;
        let ends = vec![(x, base / row.spread.upper), (x, base / row.spread.lower)];
        PathElement::new(ends, MEASURED.stroke_width(2))
    }))?;
    chart
        .draw_series(
            outcome
                .rows
                .iter()
                .map(|row| Circle::new((row.workers as f64, row.speed_up), 4, MEASURED.filled())),
        )?
        .label("measured; lines are the middle half of the runs")
        .legend(|(x, y)| Circle::new((x + 10, y), 4, MEASURED.filled()));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font((FONT, 15))
        .background_style(WHITE.mix(0.8))
        .border_style(IDEAL)
        .draw()?;
    area.present()?;
    Ok(())
}
