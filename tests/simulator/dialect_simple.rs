//! The second dialect, `/backoffice/www/api_simple.php?endpoint=…`: JSON only, other keys, `[]` at the end.

use super::answer::Answer;
use super::endpoints::capped;
use super::list::{Query, simple_row};
use super::options::Options;
use super::request::argument;
use super::wire_json;
use super::wire_xml::{Field, Row};
use super::world::World;

const AVAILABLE: &str = r#"["jumlahPerizinan","jenisperizinanlist","listpermohonanterbit"]"#;

/// Answers a call; `args` are the query's pairs.
pub fn answer(world: &World, options: &Options, args: &[(String, String)], number: u64) -> Answer {
    let endpoint = argument(args, "endpoint").unwrap_or_default().to_lowercase();
    match endpoint.as_str() {
        "jumlahperizinan" => json(200, format!("{{\"total\":\"{}\"}}", world.issued_order.rows.len()).into_bytes(), 1),
        "jenisperizinanlist" => {
            let listed = world.types.iter().filter(|kind| kind.listed);
            rows(listed.enumerate().map(|(at, kind)| types_row(at, kind)).collect())
        }
        "listpermohonanterbit" => {
            let whole =
                |name: &str, default: usize| argument(args, name).map_or(default, |value| value.parse().unwrap_or(0));
            let query = Query { number, limit: capped(whole("limit", 10), options), offset: whole("offset", 0) };
            let page = world.issued_order.page(world.seed, query);
            rows(page.into_iter().map(|at| simple_row(world, at, options.list_has_expiry)).collect())
        }
        _ => json(400, format!("{{\"error\":\"Invalid endpoint\",\"available\":{AVAILABLE}}}").into_bytes(), 0),
    }
}

fn types_row(at: usize, kind: &super::types::PermitType) -> Row<'_> {
    vec![
        ("id", Field::Own(kind.id.to_string())),
        ("n_perizinan", Field::Text(&kind.name)),
        ("c_perizinan", Field::Own(format!("P{:03}", at + 1))),
    ]
}

fn rows(rows: Vec<Row<'_>>) -> Answer {
    let count = rows.len();
    json(200, wire_json::rows(rows.into_iter()), count)
}

fn json(status: u16, body: Vec<u8>, rows: usize) -> Answer {
    Answer { status, content_type: "application/json", body, rows, is_detail: false }
}
