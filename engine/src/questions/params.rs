//! Parameters: what a question takes, told from its type, and read from pairs of names and values.

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::Schema as ApiSchema;

use super::read::{fields, read};
use super::refusal::{Refusal, RefusalCode};

/// Names of parameters and their values, in the order in which they were given.
pub type Pairs = [(String, String)];

/// The parameters that tell of the reader, wherever they occur: what is answered to them is nobody else's.
pub const PERSONAL: [&str; 2] = ["known", "exclude"];

/// Parameters of a question. A struct with the parameters as its fields is one; [`Both`] joins two.
pub trait Params: Sized + Send + 'static {
    /// The names.
    fn names() -> Vec<&'static str>;

    /// All that is to be told of them, in the order of the fields.
    fn described() -> Vec<Parameter>;

    /// Reads the pairs with names of its own and passes over others.
    ///
    /// # Errors
    /// If a value is wrong, given twice, or needed and not there.
    fn from_pairs(pairs: &Pairs) -> Result<Self, Refusal>;
}

impl<T: DeserializeOwned + IntoParams + Send + 'static> Params for T {
    fn names() -> Vec<&'static str> {
        fields::<T>().to_vec()
    }

    fn described() -> Vec<Parameter> {
        T::into_params(|| Some(ParameterIn::Query)).iter().map(Parameter::new).collect()
    }

    fn from_pairs(pairs: &Pairs) -> Result<Self, Refusal> {
        read(pairs)
    }
}

/// The parameters of both.
pub struct Both<A, B>(pub A, pub B);

impl<A: Params, B: Params> Params for Both<A, B> {
    fn names() -> Vec<&'static str> {
        [A::names(), B::names()].concat()
    }

    fn described() -> Vec<Parameter> {
        A::described().into_iter().chain(B::described()).collect()
    }

    fn from_pairs(pairs: &Pairs) -> Result<Self, Refusal> {
        Ok(Self(A::from_pairs(pairs)?, B::from_pairs(pairs)?))
    }
}

/// What is to be told of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Whether the question cannot be asked without it.
    pub required: bool,
    /// What values it takes.
    pub kind: ParameterKind,
    /// What OpenAPI tells of it.
    pub openapi: Value,
}

/// The values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// One text.
    Text,
    /// Texts, divided by commas or repeated.
    List,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
}

impl Parameter {
    /// The same `parameters`, with the values of some of them told by `shapes`.
    pub(super) fn shaped(mut parameters: Vec<Self>, shapes: Vec<(&'static str, ApiSchema)>) -> Vec<Self> {
        for (name, shape) in shapes {
            let parameter = parameters.iter_mut().find(|parameter| parameter.name == name);
            debug_assert!(parameter.is_some(), "no parameter is called {name}");
            if let Some(parameter) = parameter {
                // Strings and maps always serialise.
                parameter.openapi["schema"] = serde_json::to_value(shape).unwrap_or_default();
            }
        }
        parameters
    }

    fn new(parameter: &utoipa::openapi::path::Parameter) -> Self {
        // Strings and maps always serialise.
        let mut openapi = serde_json::to_value(parameter).unwrap_or_default();
        // An optional field may be null; a parameter that is not given is not there.
        if let Value::Array(types) = &openapi["schema"]["type"] {
            openapi["schema"]["type"] = types[0].clone();
        }
        let kind = match openapi["schema"]["type"].as_str() {
            Some("array") => ParameterKind::List,
            Some("integer") => ParameterKind::Number,
            Some("boolean") => ParameterKind::Flag,
            _ => ParameterKind::Text,
        };
        Self {
            name: parameter.name.clone(),
            doc: parameter.description.clone().unwrap_or_default(),
            required: openapi["required"] == Value::Bool(true),
            kind,
            openapi,
        }
    }
}

/// Reads `pairs`, all of which must be known.
///
/// # Errors
/// If one is unknown, or a value is wrong.
pub fn read_params<P: Params>(pairs: &Pairs) -> Result<P, Refusal> {
    let names = P::names();
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        return Err(unknown_parameter(&names, unknown));
    }
    P::from_pairs(pairs)
}

fn unknown_parameter(names: &[&'static str], unknown: &str) -> Refusal {
    let shown: String = unknown.chars().take(100).collect();
    let mut by_distance: Vec<(usize, &str)> =
        names.iter().map(|name| (strsim::damerau_levenshtein(name, &shown), *name)).collect();
    by_distance.sort_unstable();
    let nearest = by_distance.into_iter().take(3).map(|(_, name)| name.to_owned()).collect();
    Refusal::new(RefusalCode::UnknownParameter, format!("there is no parameter `{shown}` here")).suggesting(nearest)
}
