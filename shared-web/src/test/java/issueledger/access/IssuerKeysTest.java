package issueledger.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
    private final Issuer issuer = Issuer.there();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - IssuerKeys.FRESH.toNanos());
    private final IssuerKeys keys = new IssuerKeys(issuer.url(), web -> issuer.jwkSetUri(), now::get);

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void a_known_key_is_fetched_once() throws Exception {
        assertThat(find(issuer.key())).hasSize(1);
        assertThat(find(issuer.key())).hasSize(1);
        assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void no_private_key_is_kept() throws Exception {
        issuer.saysOfKeys(new com.nimbusds.jose.jwk.JWKSet(issuer.key()).toString(false));
        assertThat(find(issuer.key())).hasSize(1).noneMatch(JWK::isPrivate);
    }

    @Test
    void a_new_key_is_found_at_once_and_the_one_before_is_gone() throws Exception {
        JWK before = issuer.key();
        assertThat(find(before)).hasSize(1);
        issuer.rotates();
        assertThat(find(issuer.key())).hasSize(1);
        assertThat(find(before)).isEmpty();
    }

    @Test
    void unknown_keys_do_not_hammer_the_issuer() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(find("made-up-" + i)).isEmpty();
        }
        assertThat(issuer.fetches()).isEqualTo(IssuerKeys.AT_ONCE);
        now.addAndGet(IssuerKeys.INTERVAL.toNanos());
        issuer.rotates();
        assertThat(find(issuer.key())).hasSize(1);
        assertThat(issuer.fetches()).isEqualTo(IssuerKeys.AT_ONCE + 1);
    }

    @Test
    void old_keys_are_fetched_again() throws Exception {
        JWK before = issuer.key();
        assertThat(find(before)).hasSize(1);
        issuer.rotates();
        now.addAndGet(IssuerKeys.FRESH.toNanos());
        assertThat(find(before)).hasSize(1);
        now.addAndGet(1);
        assertThat(find(before)).isEmpty();
    }

    @Test
    void known_keys_go_on_while_the_issuer_is_away() throws Exception {
        assertThat(find(issuer.key())).hasSize(1);
        issuer.goes();
        now.addAndGet(10 * IssuerKeys.FRESH.toNanos());
        assertThat(find(issuer.key())).hasSize(1);
        assertThatThrownBy(() -> find("unknown")).isInstanceOf(RemoteKeySourceException.class);
        for (int i = 0; i < 2 * IssuerKeys.AT_ONCE; i++) {
            String id = "unknown-" + i;
            assertThatThrownBy(() -> find(id)).isInstanceOf(RemoteKeySourceException.class);
        }
        issuer.comes();
        issuer.rotates();
        now.addAndGet(IssuerKeys.INTERVAL.toNanos());
        assertThat(find(issuer.key())).hasSize(1);
        assertThat(find("unknown")).isEmpty();
    }

    @Test
    void what_is_no_set_of_keys_counts_as_away() throws Exception {
        issuer.saysOfKeys("<html>");
        assertThatThrownBy(() -> find(issuer.key())).isInstanceOf(RemoteKeySourceException.class);
        issuer.rotates();
        assertThat(find(issuer.key())).hasSize(1);
    }

    @Test
    void an_issuer_says_where_its_keys_are() throws Exception {
        assertThat(new IssuerKeys(issuer.url(), new Discovery(issuer.url()), now::get)
                        .get(selector(issuer.key().getKeyID()), null))
                .hasSize(1);
    }

    @Test
    void metadata_of_another_issuer_is_not_believed() {
        issuer.saysOfItself("{\"issuer\":\"https://other.example\",\"jwks_uri\":\"" + issuer.jwkSetUri() + "\"}");
        assertThatThrownBy(() -> new IssuerKeys(issuer.url(), new Discovery(issuer.url()), now::get)
                        .get(selector(issuer.key().getKeyID()), null))
                .isInstanceOf(RemoteKeySourceException.class)
                .hasRootCauseMessage(issuer.url() + "/.well-known/oauth-authorization-server is not that issuer's");
    }

    private List<JWK> find(JWK key) throws RemoteKeySourceException {
        return find(key.getKeyID());
    }

    private List<JWK> find(String id) throws RemoteKeySourceException {
        return keys.get(selector(id), null);
    }

    private static JWKSelector selector(String id) {
        return new JWKSelector(new JWKMatcher.Builder().keyID(id).build());
    }
}
