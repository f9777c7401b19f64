package issueledger.bench;

import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers the same 200 bytes, whatever is sent. */
@Profile("bench")
@RestController
class Constant {
    private static final String JSON = "{\"constant\":\"" + "c".repeat(185) + "\"}";

    @PostMapping("/bench/constant")
    ResponseEntity<String> constant() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(JSON);
    }
}
