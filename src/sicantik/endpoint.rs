//! The endpoints that may be called: GET without side effects, all of them.

/// How many permit types there are.
pub const TYPE_COUNT: &str = "jumlahPerizinan";
/// The permit types.
pub const TYPES: &str = "jenisPerizinanList";
/// The issued permits.
pub const ISSUED: &str = "listpermohonanterbit";
/// A permit by its number, in base64.
pub const DETAIL_BY_NUMBER: &str = "cekperizinanizin";
/// A permit by the code printed on it, which for newer ones is the number in base64.
pub const DETAIL_BY_CODE: &str = "cekperizinan";
