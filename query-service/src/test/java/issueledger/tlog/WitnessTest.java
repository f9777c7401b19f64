package issueledger.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.proof.KeySeed;
import issueledger.proof.SignatureType;
import issueledger.proof.SigningKey;
import issueledger.startup.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ISSUE_LEDGER_WITNESSES}. */
class WitnessTest {
    private static final String KEY = SigningKey.of("w", SignatureType.COSIGNATURE, KeySeed.freshEd25519())
            .verifier()
            .toString();

    @Test
    void a_line_is_name_key_and_url() {
        assertThat(Witness.parse("")).isEmpty();
        assertThat(Witness.parse(" \n\r\n ")).isEmpty();
        assertThat(Witness.parse("one " + KEY + "  https://w.example/a/\n two\t" + KEY + " http://w.example"))
                .extracting(witness -> witness.name() + " " + witness.url())
                .containsExactly("one https://w.example/a", "two http://w.example");
    }

    @Test
    void the_lines_may_be_in_a_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("witnesses.txt"), "one " + KEY + " https://w.example\n");

        assertThat(Witness.configured(file + "\n"))
                .isEqualTo(Witness.configured("one " + KEY + " https://w.example"))
                .hasSize(1);
        assertThat(Witness.configured(" ")).isEmpty();
        for (String none :
                new String[] {folder.resolve("nowhere").toString(), folder.toString(), "one", "one " + KEY}) {
            assertThatThrownBy(() -> Witness.configured(none))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageStartingWith("ISSUE_LEDGER_WITNESSES");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one",
                "one KEY",
                "one KEY https://w.example more",
                "one w+00000000+AAAA https://w.example",
                "one KEY w.example",
                "one KEY ftp://w.example",
                "one KEY https://",
                "one KEY https://w.example\none KEY https://w.example"
            })
    void any_other_line_ends_the_start_with_a_sentence(String lines) {
        assertThatThrownBy(() -> Witness.parse(lines.replace("KEY", KEY)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageStartingWith("ISSUE_LEDGER_WITNESSES")
                .hasMessageEndingWith(".");
    }
}
