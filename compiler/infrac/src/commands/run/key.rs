//! The key that a state is sealed with: from a variable of the environment, else from a file in the project that no repository takes in.

use state::{Disk, Kek, KeySource, SystemEntropy};

use super::{Whose, refused};
use crate::commands::{Outcome, Teller};

/// The variable with the key.
const VARIABLE: &str = "INFRAC_STATE_KEY";

/// The key; where there is none yet, one is made if it is going to be needed.
pub fn key(whose: &Whose, makes: bool, teller: &Teller) -> Result<Option<Kek>, Outcome> {
    let refuse = |error| refused(&error, teller);
    match std::env::var(VARIABLE) {
        Ok(text) => {
            let source = KeySource::Variable(VARIABLE.to_owned());
            let given = source.key(&Disk, &mut SystemEntropy, Some(&text)).map_err(refuse)?;
            return Ok(Some(given.kek));
        }
        Err(std::env::VarError::NotPresent) => {}
        Err(std::env::VarError::NotUnicode(_)) => {
            let help = "a key is 32 bytes, as 64 hexadecimal digits or in Base64";
            return Err(teller.fail("state_bad_key", format!("{VARIABLE} is no text"), help));
        }
    }
    let path = whose.key_file();
    if !makes && !path.exists() {
        return Ok(None);
    }
    if let Some(folder) = path.parent() {
        state::Files::make_folder(&Disk, folder).map_err(|cause| {
            let message = format!("`{}` cannot be made: {cause}", folder.display());
            teller.fail("cannot_write", message, "give infrac the right to write there")
        })?;
    }
    let given = KeySource::File(path.clone()).key(&Disk, &mut SystemEntropy, None).map_err(refuse)?;
    if given.made {
        teller.say(&format!(
            "made the key of this project's states, {}: keep a copy of it elsewhere, and keep it from others\n",
            path.display()
        ));
    }
    Ok(Some(given.kek))
}
