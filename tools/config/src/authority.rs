// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Certificates of the owner's own authorities, as texts.

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::CertificateDer;

/// What such a text is: one or more certificates, which are DER inside.
///
/// # Errors
///
/// It has something else, or nothing.
pub fn certificates(text: &str) -> Result<String, String> {
    if text.contains("PRIVATE KEY") {
        return Err("this has a private key, which stays where it is: give the certificate alone".to_owned());
    }
    let blocks = text.matches("-----BEGIN ").count();
    let found = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if !found.is_empty() && found.len() == blocks && found.iter().all(|der| is_sequence(der)) => {
            Ok(format!("{}\n", text.trim_end()))
        }
        _ => {
            Err("this is no certificate as text (PEM): it begins with -----BEGIN CERTIFICATE-----, each line as it is \
                  in the file, below 'certificates:' after '- |'"
                .to_owned())
        }
    }
}

/// Whether these bytes are one SEQUENCE of DER (X.690) and nothing more, as every certificate is.
fn is_sequence(der: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = der else { return false };
    let more = usize::from(first & 0x7f);
    if first & 0x80 == 0 {
        return rest.len() == more;
    }
    if more > 4 || more > rest.len() {
        return false;
    }
    let (length, rest) = rest.split_at(more);
    length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)) == rest.len()
}
