package issueledger.access;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import issueledger.events.EventJson;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Finds the URL of an issuer's keys: OpenID Connect Discovery 1.0, section 4, and RFC 8414, sections 3 and 5. */
record Discovery(String issuer) implements IssuerKeys.Location {

    @Override
    public String find(DefaultResourceRetriever web) throws IOException {
        IOException last = new IOException(issuer + " is no address");
        for (String address : addresses()) {
            try {
                return keysNamedBy(address, EventJson.MAPPER.readTree(IssuerKeys.read(web, address)));
            } catch (SocketException | SocketTimeoutException | UnknownHostException e) {
                throw e;
            } catch (JacksonException e) {
                last = new IOException(address + " is not JSON", e);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private Set<String> addresses() {
        URI uri = URI.create(issuer.replaceFirst("/+$", ""));
        String path = uri.getRawPath();
        String host = uri.resolve("/").toString().replaceFirst("/$", "");
        return new LinkedHashSet<>(List.of(
                uri + "/.well-known/openid-configuration",
                host + "/.well-known/openid-configuration" + path,
                host + "/.well-known/oauth-authorization-server" + path));
    }

    private String keysNamedBy(String address, JsonNode metadata) throws IOException {
        if (!metadata.path("issuer").asString("").equals(issuer)) {
            throw new IOException(address + " is not that issuer's");
        }
        String keys = metadata.path("jwks_uri").asString("");
        if (keys.isEmpty()) {
            throw new IOException(address + " names no jwks_uri");
        }
        return keys;
    }
}
