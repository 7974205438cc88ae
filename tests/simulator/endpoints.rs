//! The six endpoints that a companion needs, and `Unknown method.` for all others.

use super::answer::Answer;
use super::detail::{self, Refusal};
use super::list::{Query, issued_row, pending_row};
use super::options::Options;
use super::request::{Format, Request};
use super::wire_xml::{Field, Row};
use super::world::World;

/// Answers a call. `number` is the number of this query.
pub fn answer(world: &World, options: &Options, request: &Request, number: u64) -> Answer {
    let format = if options.no_xml { Format::Json } else { request.format };
    match request.endpoint.as_str() {
        "jumlahperizinan" => {
            let count = world.types.iter().filter(|kind| kind.listed).count();
            Answer::rows(format, vec![vec![("jumlahPerizinan", Field::Number(count))]])
        }
        "jenisperizinanlist" => types(world, format),
        "listpermohonanterbit" => list(options, request, number, format, |query| {
            let page = world.issued_order.page(world.seed, query);
            page.into_iter().map(|at| issued_row(world, at, options.list_has_expiry)).collect()
        }),
        "listpermohonanproses" => list(options, request, number, format, |query| {
            world.pending_order.page(world.seed, query).into_iter().map(|at| pending_row(world, at)).collect()
        }),
        "cekperizinanizin" => match detail::by_number(world, request.arg("no_izin").unwrap_or_default()) {
            Ok(rows) => details(format, rows),
            Err(Refusal::SqlError) => Answer { is_detail: true, ..Answer::sql_error() },
        },
        "cekperizinan" => details(format, detail::by_code(world, request.arg("no_izin").unwrap_or_default())),
        _ => Answer::error(format, "Unknown method."),
    }
}

/// Limit and offset as MySQL takes them: missing or malformed ones are an SQL error, `LIMIT 0` is no rows
/// and `offset=0` works.
fn list<'a>(
    options: &Options,
    request: &Request,
    number: u64,
    format: Format,
    rows: impl Fn(Query) -> Vec<Row<'a>>,
) -> Answer {
    if options.zero_refused && request.arg("offset") == Some("0") {
        return Answer::nothing();
    }
    let whole = |name: &str| request.arg(name).and_then(|value| value.parse::<usize>().ok());
    let (Some(limit), Some(offset)) = (whole("limit"), whole("offset")) else {
        return Answer::sql_error();
    };
    let offset = if options.ignores_limit { 0 } else { offset };
    Answer::rows(format, rows(Query { number, limit: capped(limit, options), offset }))
}

/// The limit that is given in the end.
pub fn capped(limit: usize, options: &Options) -> usize {
    if options.ignores_limit {
        return usize::MAX;
    }
    if options.max_page_rows == 0 { limit } else { limit.min(options.max_page_rows) }
}

/// Sorted by name; 404 without a body if there are none.
fn types(world: &World, format: Format) -> Answer {
    let mut listed: Vec<_> = world.types.iter().filter(|kind| kind.listed).collect();
    if listed.is_empty() {
        return Answer::nothing();
    }
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    Answer::rows(
        format,
        listed
            .into_iter()
            .map(|kind| {
                vec![
                    ("id", Field::Own(kind.id.to_string())),
                    ("jenis_perizinan", Field::Text(&kind.name)),
                    ("kelompok_izin", Field::Text(&kind.group)),
                    ("v_hari", Field::Text(&kind.days)),
                ]
            })
            .collect(),
    )
}

fn details(format: Format, rows: Vec<Row<'_>>) -> Answer {
    Answer { is_detail: true, ..Answer::rows(format, rows) }
}
