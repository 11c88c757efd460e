package todomanager.user.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import todomanager.auth.SecretKeys;
import todomanager.auth.SecretKeys.NamedKey;

/// Seals text that others keep for us, so that they can neither read nor change it: by AES-256 in
/// Galois/Counter Mode, with the id of the key and the nonce before it.
record Seal(SecretKeys keys) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID = 4; // bytes
    private static final int NONCE = 12; // bytes
    private static final int TAG = 128; // bits
    private static final int LONGEST = 4 << 10; // characters, as browsers keep

    /// @param purpose without which it can't be opened
    String seal(String purpose, String text) {
        NamedKey key = keys.current().first();
        byte[] nonce = random(NONCE);
        byte[] content = run(Cipher.ENCRYPT_MODE, key, purpose, nonce, text.getBytes(UTF_8));
        byte[] id = HexFormat.of().parseHex(key.id());
        byte[] sealed =
                ByteBuffer.allocate(ID + NONCE + content.length)
                        .put(id)
                        .put(nonce)
                        .put(content)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /// What was sealed for this purpose with one of the keys, or nothing.
    Optional<String> open(String purpose, String sealed) {
        if (sealed.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(sealed));
            byte[] id = new byte[ID];
            byte[] nonce = new byte[NONCE];
            if (bytes.remaining() < ID + NONCE) {
                return Optional.empty();
            }
            bytes.get(id).get(nonce);
            byte[] content = new byte[bytes.remaining()];
            bytes.get(content);
            return keys.current()
                    .find(HexFormat.of().formatHex(id))
                    .map(key -> run(Cipher.DECRYPT_MODE, key, purpose, nonce, content))
                    .map(text -> new String(text, UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] run(int mode, NamedKey key, String purpose, byte[] nonce, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.aes(), new GCMParameterSpec(TAG, nonce));
            cipher.updateAAD(purpose.getBytes(UTF_8));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not sealed with this key", e);
        }
    }

    /// Text that nobody can guess.
    static String secret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(32));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
